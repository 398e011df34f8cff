SELECT workflow_execution.status
FROM workflow_execution
WHERE workflow_execution.id = :id_1::UUID
  AND workflow_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = workflow_execution#s1
-- :workspace_id_1 = workspace#s1
