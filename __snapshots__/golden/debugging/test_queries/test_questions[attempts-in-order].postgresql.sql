SELECT workflow_step_execution.id,
       workflow_step_execution.workspace_id,
       workflow_step_execution.execution_id,
       workflow_step_execution.step_key,
       workflow_step_execution.kind,
       workflow_step_execution.role,
       workflow_step_execution.item,
       workflow_step_execution.attempt,
       workflow_step_execution.position,
       workflow_step_execution.status,
       workflow_step_execution.remaining,
       workflow_step_execution.taken,
       workflow_step_execution.outcome,
       workflow_step_execution.scope,
       workflow_step_execution.input,
       workflow_step_execution.output,
       workflow_step_execution.error_type,
       workflow_step_execution.error_message,
       workflow_step_execution.idempotency_key,
       workflow_step_execution.lease_token,
       workflow_step_execution.lease_until,
       workflow_step_execution.leased_by,
       workflow_step_execution.deliveries,
       workflow_step_execution.wake_at,
       workflow_step_execution.child_execution_id,
       workflow_step_execution.agent_execution_id,
       workflow_step_execution.created_at,
       workflow_step_execution.ready_at,
       workflow_step_execution.started_at,
       workflow_step_execution.completed_at,
       workflow_step_execution.duration_seconds
FROM workflow_step_execution
WHERE workflow_step_execution.workspace_id = :workspace_id_1::UUID
  AND workflow_step_execution.execution_id = :execution_id_1::UUID
  AND workflow_step_execution.role != :role_1
ORDER BY workflow_step_execution.position,
         workflow_step_execution.role DESC,
         workflow_step_execution.item,
         workflow_step_execution.attempt;
-- 5 rows
-- :workspace_id_1 = workspace#1
-- :execution_id_1 = workflow_execution#1
-- :role_1 = 'compensation'
