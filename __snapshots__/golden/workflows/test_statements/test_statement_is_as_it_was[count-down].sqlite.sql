UPDATE workflow_step_execution
SET remaining=(workflow_step_execution.remaining - :remaining_1)
WHERE workflow_step_execution.execution_id = :execution_id_1
  AND workflow_step_execution.step_key = :step_key_1
  AND workflow_step_execution.role = :role_1
  AND workflow_step_execution.status = :status_1 RETURNING remaining;
-- :remaining_1 = 1
-- :execution_id_1 = workflow_execution#s1
-- :step_key_1 = 'each'
-- :role_1 = 'step'
-- :status_1 = 'waiting'
