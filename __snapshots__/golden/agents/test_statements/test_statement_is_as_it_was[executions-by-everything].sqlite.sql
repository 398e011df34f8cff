SELECT agent_execution.id,
       agent_execution.workspace_id,
       agent_execution.agent_id,
       agent_execution.status,
       agent_execution.triggered_by,
       agent_execution.input_summary,
       agent_execution.output_summary,
       agent_execution.result_summary,
       agent_execution.error_type,
       agent_execution.error_message,
       agent_execution.created_at,
       agent_execution.started_at,
       agent_execution.completed_at,
       agent_execution.duration_seconds
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1
  AND agent_execution.agent_id = :agent_id_1
  AND agent_execution.status = :status_1
ORDER BY agent_execution.created_at DESC,
         agent_execution.id
LIMIT :param_1
OFFSET :param_2;
-- :workspace_id_1 = workspace#s1
-- :agent_id_1 = agent#s1
-- :status_1 = 'running'
-- :param_1 = 3
-- :param_2 = 0
