SELECT agent_execution.id,
       agent_execution.agent_id,
       agent_execution.status,
       agent_execution.triggered_by,
       agent_execution.created_at,
       agent_execution.started_at,
       agent_execution.duration_seconds,
       agent_execution.error_type
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1
  AND 1 = 1
  AND agent_execution.agent_id = :agent_id_1
ORDER BY agent_execution.created_at DESC,
         agent_execution.id DESC
LIMIT :param_1
OFFSET :param_2;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#2
-- :param_1 = 2
-- :param_2 = 0
