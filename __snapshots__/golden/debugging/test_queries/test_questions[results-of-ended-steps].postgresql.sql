SELECT workflow_step_execution.step_key,
       workflow_step_execution.status,
       workflow_step_execution.outcome,
       workflow_step_execution.output,
       workflow_step_execution.error_type,
       workflow_step_execution.error_message
FROM workflow_step_execution
WHERE workflow_step_execution.workspace_id = :workspace_id_1::UUID
  AND workflow_step_execution.execution_id = :execution_id_1::UUID
  AND workflow_step_execution.role = :role_1
  AND (workflow_step_execution.status NOT IN (... 3))
ORDER BY workflow_step_execution.position,
         workflow_step_execution.attempt;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :execution_id_1 = workflow_execution#1
-- :role_1 = 'step'
-- :status_1 = ('pending', 'running', 'waiting')
