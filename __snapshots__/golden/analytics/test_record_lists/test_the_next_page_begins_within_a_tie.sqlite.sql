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
ORDER BY agent_execution.created_at DESC,
         agent_execution.id DESC
LIMIT :param_1
OFFSET :param_2;
-- 14 rows
-- :workspace_id_1 = workspace#1
-- :param_1 = 14
-- :param_2 = 0

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
  AND (agent_execution.created_at,
       agent_execution.id) < (:param_1,
                              :param_2)
ORDER BY agent_execution.created_at DESC,
         agent_execution.id DESC
LIMIT :param_3
OFFSET :param_4;
-- 3 rows
-- :workspace_id_1 = workspace#1
-- :param_1 = 2026-01-07 10:00:00Z
-- :param_2 = agent_execution#12
-- :param_3 = 3
-- :param_4 = 0
