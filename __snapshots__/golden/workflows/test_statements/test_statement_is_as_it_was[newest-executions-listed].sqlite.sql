SELECT workflow_execution.id,
       workflow_execution.workspace_id,
       workflow_execution.workflow_id,
       workflow_execution.status,
       workflow_execution.outputs,
       workflow_execution.error_type,
       workflow_execution.error_message,
       workflow_execution.failed_step,
       workflow_execution.pause_reason,
       workflow_execution.created_at,
       workflow_execution.started_at,
       workflow_execution.completed_at,
       workflow_execution.duration_seconds,
       workflow.name AS workflow
FROM workflow_execution
JOIN workflow ON workflow.id = workflow_execution.workflow_id
WHERE workflow_execution.workspace_id = :workspace_id_1
ORDER BY workflow_execution.created_at DESC,
         workflow_execution.id
LIMIT :param_1
OFFSET :param_2;
-- :workspace_id_1 = workspace#s1
-- :param_1 = 5
-- :param_2 = 0
