SELECT workflow.name AS workflow,
       failed.failed_step,
       failed.error_type,
       failed.failures,
       failed.share,
       failed.last_seen
FROM workflow
JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          workflow_execution.failed_step AS failed_step,
          workflow_execution.error_type AS error_type,
          count(*) AS failures,
          CAST(count(*) AS FLOAT) / (CAST(nullif(sum(count(*)) OVER (), :nullif_1) AS FLOAT) + 0.0) AS share,
          max(coalesce(workflow_execution.completed_at, workflow_execution.created_at)) AS last_seen
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1
     AND workflow_execution.created_at >= :created_at_1
     AND workflow_execution.created_at < :created_at_2
     AND workflow_execution.status IN (... 1)
   GROUP BY workflow_execution.workflow_id,
            workflow_execution.failed_step,
            workflow_execution.error_type) AS failed ON workflow.id = failed.workflow_id
ORDER BY failed.failures DESC,
         workflow.name,
         failed.failed_step ASC NULLS LAST,
         failed.error_type ASC NULLS LAST;
-- 7 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :status_1 = ('failed')
