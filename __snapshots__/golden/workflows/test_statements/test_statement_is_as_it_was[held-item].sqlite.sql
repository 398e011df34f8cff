SELECT workflow_step_execution.id
FROM workflow_step_execution
WHERE workflow_step_execution.execution_id = :execution_id_1
  AND workflow_step_execution.step_key = :step_key_1
  AND workflow_step_execution.role = :role_1
  AND workflow_step_execution.status = :status_1
  AND workflow_step_execution.remaining > :remaining_1
ORDER BY workflow_step_execution.item
LIMIT :param_1
OFFSET :param_2;
-- :execution_id_1 = workflow_execution#s1
-- :step_key_1 = 'each'
-- :role_1 = 'item'
-- :status_1 = 'pending'
-- :remaining_1 = 0
-- :param_1 = 1
-- :param_2 = 0
