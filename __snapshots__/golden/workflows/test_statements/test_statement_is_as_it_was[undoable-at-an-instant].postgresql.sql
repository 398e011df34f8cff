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
       workflow_step_execution.deliveries,
       workflow_step_execution.wake_at,
       workflow_step_execution.child_execution_id,
       workflow_step_execution.agent_execution_id,
       workflow_step_execution.started_at,
       workflow_step_execution.completed_at,
       workflow_step_execution.duration_seconds
FROM workflow_step_execution
WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
  AND workflow_step_execution.step_key IN (... 2::VARCHAR)
  AND workflow_step_execution.role != :role_1
  AND workflow_step_execution.kind != :kind_1
  AND workflow_step_execution.status = :status_1
  AND (workflow_step_execution.idempotency_key LIKE :idempotency_key_1::VARCHAR || '%')
  AND NOT (EXISTS
             (SELECT workflow_step_execution_1.id
              FROM workflow_step_execution AS workflow_step_execution_1
              WHERE workflow_step_execution_1.execution_id = workflow_step_execution.execution_id
                AND workflow_step_execution_1.step_key = workflow_step_execution.step_key
                AND workflow_step_execution_1.role = :role_2
                AND workflow_step_execution_1.item = workflow_step_execution.item))
  AND workflow_step_execution.completed_at = :completed_at_1::TIMESTAMP WITH TIME ZONE
ORDER BY workflow_step_execution.completed_at DESC,
         workflow_step_execution.position DESC,
         workflow_step_execution.item DESC,
         workflow_step_execution.attempt DESC;
-- :execution_id_1 = workflow_execution#s1
-- :step_key_1 = ('first', 'second')
-- :role_1 = 'compensation'
-- :kind_1 = 'map'
-- :status_1 = 'completed'
-- :idempotency_key_1 = 'workflow_execution#s1:'
-- :role_2 = 'compensation'
-- :completed_at_1 = 2026-03-02 09:00:00Z
