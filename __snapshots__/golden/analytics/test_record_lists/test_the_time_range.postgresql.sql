SELECT min(agent_execution.created_at) AS first_at,
       max(agent_execution.created_at) AS last_at,
       count(*) AS runs
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1::UUID
  AND true;
-- 1 row
-- :workspace_id_1 = workspace#1
