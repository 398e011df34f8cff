SELECT workflow_execution.id,
       workflow_execution.workflow_id,
       workflow.name AS workflow,
       workflow_execution.started_at,
       CAST(((unixepoch(substr(:param_1, 1, 19)) * 1000000 + CAST(substr(:param_1, 21, 6) AS INTEGER)) - (unixepoch(substr(workflow_execution.started_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.started_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_2 + 0.0) AS running_seconds
FROM workflow_execution
JOIN workflow ON workflow.id = workflow_execution.workflow_id
WHERE workflow_execution.workspace_id = :workspace_id_1
  AND 1 = 1
  AND workflow_execution.status = :status_1
  AND workflow_execution.started_at < :started_at_1
ORDER BY workflow_execution.started_at,
         workflow_execution.id;
-- 4 rows
-- :param_1 = 2026-01-12 00:00:00Z
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :status_1 = 'running'
-- :started_at_1 = 2026-01-11 23:00:00Z
