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
LEFT OUTER JOIN workflow_execution AS workflow_execution_1 ON workflow_execution_1.id = workflow_step_execution.child_execution_id
WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
  AND (workflow_step_execution.status = :status_1
       AND workflow_step_execution.lease_until <= :lease_until_1::TIMESTAMP WITH TIME ZONE
       OR workflow_step_execution.status = :status_2
       AND (workflow_step_execution.wake_at <= :wake_at_1::TIMESTAMP WITH TIME ZONE
            OR workflow_execution_1.status IN (... 3)))
ORDER BY workflow_step_execution.position,
         workflow_step_execution.item,
         workflow_step_execution.id
LIMIT :param_1::INTEGER;
-- :execution_id_1 = workflow_execution#s1
-- :status_1 = 'running'
-- :lease_until_1 = 2026-03-02 09:00:00Z
-- :status_2 = 'waiting'
-- :wake_at_1 = 2026-03-02 09:00:00Z
-- :status_3 = ('completed', 'failed', 'cancelled')
-- :param_1 = 1
