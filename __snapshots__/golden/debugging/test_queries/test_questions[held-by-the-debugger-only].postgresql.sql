SELECT workflow_execution.id
FROM workflow_execution
WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
  AND workflow_execution.id IN (... 4::UUID)
  AND workflow_execution.status = :status_1
  AND workflow_execution.pause_reason LIKE :pause_reason_1::VARCHAR
ORDER BY workflow_execution.id
FOR UPDATE;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = (workflow_execution#1, workflow_execution#2, workflow_execution#3, workflow_execution#4)
-- :status_1 = 'paused'
-- :pause_reason_1 = 'debugger: %'
