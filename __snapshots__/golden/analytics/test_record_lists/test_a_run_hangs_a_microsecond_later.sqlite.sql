SELECT agent_execution.id,
       agent_execution.agent_id,
       agent.name AS agent,
       agent_execution.started_at,
       CAST(((unixepoch(substr(:param_1, 1, 19)) * 1000000 + CAST(substr(:param_1, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_2 + 0.0) AS running_seconds
FROM agent_execution
JOIN agent ON agent.id = agent_execution.agent_id
WHERE agent_execution.workspace_id = :workspace_id_1
  AND 1 = 1
  AND agent_execution.agent_id = :agent_id_1
  AND agent_execution.status = :status_1
  AND agent_execution.started_at < :started_at_1
ORDER BY agent_execution.started_at,
         agent_execution.id;
-- 2 rows
-- :param_1 = 2026-01-12 00:00:00.000001Z
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#3
-- :status_1 = 'running'
-- :started_at_1 = 2026-01-11 22:00:00.000001Z
