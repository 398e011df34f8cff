SELECT workflow_execution.id
FROM workflow_execution
WHERE workflow_execution.workspace_id = :workspace_id_1
  AND workflow_execution.parent_execution_id IN (... 1)
ORDER BY workflow_execution.id;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :parent_execution_id_1 = (workflow_execution#1)
