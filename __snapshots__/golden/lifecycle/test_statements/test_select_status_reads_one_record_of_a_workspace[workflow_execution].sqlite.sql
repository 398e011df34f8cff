SELECT workflow_execution.status
FROM workflow_execution
WHERE workflow_execution.id = :id_1
  AND workflow_execution.workspace_id = :workspace_id_1;
-- :id_1 = workflow_execution#s1
-- :workspace_id_1 = workspace#s1
