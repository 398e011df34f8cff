SELECT agent.status
FROM agent
WHERE agent.id = :id_1::UUID
  AND agent.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = agent#s1
-- :workspace_id_1 = workspace#s1
