UPDATE agent_execution
SET status=:status
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.status IN (... 1);
-- :status = 'paused'
-- :id_1 = agent_execution#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('running')
