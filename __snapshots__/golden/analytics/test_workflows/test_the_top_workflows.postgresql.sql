SELECT workflow.id AS workflow_id,
       workflow.name AS workflow,
       runs.runs,
       runs.users,
       runs.last_at
FROM workflow
JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          count(*) AS runs,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 2 :status_1)) AS outcomes,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 1 :status_2)) AS successes,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 1 :status_3)) AS failures,
          CAST(count(*) FILTER (
                                WHERE workflow_execution.status IN (... 1 :status_4)) AS FLOAT(53)) / CAST(CAST(nullif(count(*) FILTER (
                                                                                                                                                        WHERE workflow_execution.status IN (... 2 :status_5)), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS success_rate,
          count(DISTINCT workflow_execution.user_id) AS users,
          max(workflow_execution.created_at) AS last_at
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
   GROUP BY workflow_execution.workflow_id) AS runs ON workflow.id = runs.workflow_id
AND workflow.workspace_id = :workspace_id_2::UUID
ORDER BY runs.runs DESC,
         workflow.name COLLATE "C"
LIMIT :param_1::INTEGER;
-- 2 rows
-- :status_1 = ('completed', 'failed')
-- :status_2 = ('completed')
-- :status_3 = ('failed')
-- :status_4 = ('completed')
-- :status_5 = ('completed', 'failed')
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :param_1 = 2
