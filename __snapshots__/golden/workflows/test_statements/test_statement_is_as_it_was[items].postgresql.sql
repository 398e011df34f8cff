SELECT workflow_step_execution.item,
       workflow_step_execution.status,
       workflow_step_execution.output
FROM workflow_step_execution
WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
  AND workflow_step_execution.step_key = :step_key_1::VARCHAR
  AND workflow_step_execution.role = :role_1
ORDER BY workflow_step_execution.item,
         workflow_step_execution.attempt;
-- :execution_id_1 = workflow_execution#s1
-- :step_key_1 = 'each'
-- :role_1 = 'item'
