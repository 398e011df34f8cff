SELECT workflow_execution.id,
       workflow_execution.workspace_id,
       workflow_execution.workflow_id,
       workflow_execution.version_id,
       workflow_execution.status,
       workflow_execution.triggered_by,
       workflow_execution.input_data,
       workflow_execution.variables,
       workflow_execution.outputs,
       workflow_execution.error_type,
       workflow_execution.error_message,
       workflow_execution.failed_step,
       workflow_execution.pause_reason,
       workflow_execution.user_id,
       workflow_execution.agent_id,
       workflow_execution.parent_execution_id,
       workflow_execution.depth,
       workflow_execution.replay_of_id,
       workflow_execution.debugged,
       workflow_execution.open_steps,
       workflow_execution.log_sequence,
       workflow_execution.wake_at,
       workflow_execution.deadline_at,
       workflow_execution.lock_version,
       workflow_execution.created_at,
       workflow_execution.started_at,
       workflow_execution.completed_at,
       workflow_execution.duration_seconds,
       workflow_execution.tolerates_skips
FROM workflow_execution
WHERE workflow_execution.workspace_id = :workspace_id_1
ORDER BY workflow_execution.created_at DESC,
         workflow_execution.id
LIMIT :param_1
OFFSET :param_2;
-- :workspace_id_1 = workspace#s1
-- :param_1 = 1
-- :param_2 = 0
