SELECT workflow_step_execution.scope
FROM workflow_step_execution
WHERE workflow_step_execution.execution_id = :execution_id_1
  AND workflow_step_execution.step_key = :step_key_1
  AND workflow_step_execution.role = :role_1
  AND workflow_step_execution.item = :item_1
  AND workflow_step_execution.attempt = :attempt_1;
-- 1 row
-- :execution_id_1 = workflow_execution#1
-- :step_key_1 = 'each'
-- :role_1 = 'item'
-- :item_1 = 1
-- :attempt_1 = 1
