UPDATE agent
SET status=:status,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE agent.id = :id_1::UUID
  AND agent.workspace_id = :workspace_id_1::UUID
  AND agent.status IN (... 4);
-- :status = 'deleted'
-- :updated_at = NULL
-- :id_1 = agent#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('active', 'paused', 'stopped', 'deprecated')
