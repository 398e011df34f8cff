INSERT INTO agent_execution (id, workspace_id, agent_id, status, triggered_by, created_at, started_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :status, :triggered_by, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE);
-- x 3: 3 rows
-- :id = id#3, id#1, id#2
-- :workspace_id = workspace#s1
-- :agent_id = agent#1
-- :status = 'running'
-- :triggered_by = 'manual'
-- :created_at = 2026-01-05 01:00:00Z
-- :started_at = 2026-01-05 01:00:00Z

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
  AND agent_execution.status = :status_1
  AND agent_execution.started_at < :started_at_1::TIMESTAMP WITH TIME ZONE
ORDER BY agent_execution.started_at,
         agent_execution.id;
-- 3 rows
-- :param_1 = 2026-01-05 09:00:00Z
-- :param_2 = 1000000
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :status_1 = 'running'
-- :started_at_1 = 2026-01-05 08:00:00Z
