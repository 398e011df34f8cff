SELECT workflow_execution.id,
       workflow_execution.workflow_id,
       workflow.name AS workflow,
       workflow_execution.started_at,
       CAST((CAST(date_part('epoch', :param_1::TIMESTAMP WITH TIME ZONE - workflow_execution.started_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS running_seconds
FROM workflow_execution
JOIN workflow ON workflow.id = workflow_execution.workflow_id
AND workflow.workspace_id = :workspace_id_1::UUID
WHERE workflow_execution.workspace_id = :workspace_id_2::UUID
  AND true
  AND workflow_execution.status = :status_1
  AND workflow_execution.started_at < :started_at_1::TIMESTAMP WITH TIME ZONE
ORDER BY workflow_execution.started_at,
         workflow_execution.id;
-- 4 rows
-- :param_1 = 2026-01-12 00:00:00Z
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :status_1 = 'running'
-- :started_at_1 = 2026-01-11 23:00:00Z
