SELECT workflow.id AS workflow_id,
       workflow.name AS workflow,
       defined.step_key,
       coalesce(done.visits, :coalesce_1) AS visits,
       coalesce(done.attempts, :coalesce_2) AS attempts,
       done.mean_seconds,
       done.retry_rate,
       done.skip_rate
FROM workflow
JOIN
  (SELECT DISTINCT workflow.id AS workflow_id,
                   workflow_step."key" AS step_key
   FROM workflow
   JOIN workflow_version ON workflow_version.workflow_id = workflow.id
   JOIN workflow_step ON workflow_step.version_id = workflow_version.id
   WHERE workflow.workspace_id = :workspace_id_1
     AND workflow_version.workspace_id = :workspace_id_2
     AND workflow_step.workspace_id = :workspace_id_3) AS defined ON defined.workflow_id = workflow.id
LEFT OUTER JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          workflow_step_execution.step_key AS step_key,
          count(*) FILTER (
                           WHERE workflow_step_execution.attempt = :attempt_1) AS visits,
          count(*) FILTER (
                           WHERE (workflow_step_execution.status NOT IN (... 2 :status_1))) AS attempts,
          avg(workflow_step_execution.duration_seconds) FILTER (
                                                                WHERE workflow_step_execution.status IN (... 2 :status_2)) AS mean_seconds,
          CAST(count(*) FILTER (
                                WHERE workflow_step_execution.attempt = :attempt_2
                                  AND (workflow_step_execution.status NOT IN (... 2 :status_1))) AS FLOAT) / (CAST(nullif(count(*) FILTER (
                                                                                                                                                           WHERE workflow_step_execution.attempt = :attempt_1), :nullif_1) AS FLOAT) + 0.0) AS retry_rate,
          CAST(count(*) FILTER (
                                WHERE workflow_step_execution.attempt = :attempt_1
                                  AND workflow_step_execution.status = :status_3) AS FLOAT) / (CAST(nullif(count(*) FILTER (
                                                                                                                            WHERE workflow_step_execution.attempt = :attempt_1), :nullif_2) AS FLOAT) + 0.0) AS skip_rate
   FROM workflow_step_execution
   JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
   WHERE workflow_execution.workspace_id = :workspace_id_4
     AND workflow_execution.created_at >= :created_at_1
     AND workflow_execution.created_at < :created_at_2
     AND workflow_step_execution.workspace_id = :workspace_id_5
     AND workflow_step_execution.role = :role_1
   GROUP BY workflow_execution.workflow_id,
            workflow_step_execution.step_key) AS done ON done.workflow_id = defined.workflow_id
AND done.step_key = defined.step_key
WHERE workflow.workspace_id = :workspace_id_6
ORDER BY workflow.name,
         defined.step_key;
-- 10 rows
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :workspace_id_3 = workspace#1
-- :attempt_1 = 1
-- :status_1 = ('pending', 'skipped')
-- :status_2 = ('completed', 'compensated')
-- :attempt_2 = 2
-- :nullif_1 = 0
-- :status_3 = 'skipped'
-- :nullif_2 = 0
-- :workspace_id_4 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_5 = workspace#1
-- :role_1 = 'step'
-- :workspace_id_6 = workspace#1
