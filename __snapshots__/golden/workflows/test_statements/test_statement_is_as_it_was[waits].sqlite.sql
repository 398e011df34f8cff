SELECT workflow_step_execution.kind,
       workflow_step_execution.wake_at,
       workflow_step_execution.child_execution_id
FROM workflow_step_execution
WHERE workflow_step_execution.execution_id = :execution_id_1
  AND workflow_step_execution.status = :status_1
ORDER BY workflow_step_execution.position,
         workflow_step_execution.item,
         workflow_step_execution.id;
-- :execution_id_1 = workflow_execution#s1
-- :status_1 = 'waiting'
