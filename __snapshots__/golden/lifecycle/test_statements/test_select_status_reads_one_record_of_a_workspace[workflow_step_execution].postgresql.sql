SELECT workflow_step_execution.status
FROM workflow_step_execution
WHERE workflow_step_execution.id = :id_1::UUID
  AND workflow_step_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = workflow_step_execution#s1
-- :workspace_id_1 = workspace#s1
