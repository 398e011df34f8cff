SELECT agent_execution.status
FROM agent_execution
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = agent_execution#s1
-- :workspace_id_1 = workspace#s1
