SELECT min(agent_execution.created_at) AS first_at,
       max(agent_execution.created_at) AS last_at,
       count(*) AS runs
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1
  AND 1 = 1
  AND agent_execution.agent_id = :agent_id_1;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :agent_id_1 = agent#s1
