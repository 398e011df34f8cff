SELECT agent_execution.id,
       agent_execution.agent_id,
       agent_execution.status,
       agent_execution.triggered_by,
       agent_execution.created_at,
       agent_execution.started_at,
       agent_execution.duration_seconds,
       agent_execution.error_type
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1::UUID
  AND true
ORDER BY agent_execution.created_at DESC,
         agent_execution.id DESC
LIMIT :param_1::INTEGER;
-- 14 rows
-- :workspace_id_1 = workspace#1
-- :param_1 = 14

SELECT agent_execution.id,
       agent_execution.agent_id,
       agent_execution.status,
       agent_execution.triggered_by,
       agent_execution.created_at,
       agent_execution.started_at,
       agent_execution.duration_seconds,
       agent_execution.error_type
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1::UUID
  AND true
  AND (agent_execution.created_at,
       agent_execution.id) < (:param_1::TIMESTAMP WITH TIME ZONE,
                                                            :param_2::UUID)
ORDER BY agent_execution.created_at DESC,
         agent_execution.id DESC
LIMIT :param_3::INTEGER;
-- 3 rows
-- :workspace_id_1 = workspace#1
-- :param_1 = 2026-01-07 10:00:00Z
-- :param_2 = agent_execution#12
-- :param_3 = 3
