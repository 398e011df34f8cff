SELECT agent_execution.id,
       agent_execution.agent_id,
       agent.name AS agent,
       agent_execution.started_at,
       CAST((CAST(date_part('epoch', :param_1::TIMESTAMP WITH TIME ZONE - agent_execution.started_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS running_seconds
FROM agent_execution
JOIN agent ON agent.id = agent_execution.agent_id
AND agent.workspace_id = :workspace_id_1::UUID
WHERE agent_execution.workspace_id = :workspace_id_2::UUID
  AND true
  AND agent_execution.agent_id = :agent_id_1::UUID
  AND agent_execution.status = :status_1
  AND agent_execution.started_at < :started_at_1::TIMESTAMP WITH TIME ZONE
ORDER BY agent_execution.started_at,
         agent_execution.id;
-- 2 rows
-- :param_1 = 2026-01-12 00:00:00.000001Z
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :agent_id_1 = agent#3
-- :status_1 = 'running'
-- :started_at_1 = 2026-01-11 22:00:00.000001Z
