UPDATE agent
SET maturity_level=:maturity_level,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE agent.id = :id_1::UUID
  AND agent.workspace_id = :workspace_id_1::UUID
  AND agent.maturity_level IN (... 3);
-- :maturity_level = 'student'
-- :updated_at = NULL
-- :id_1 = agent#s1
-- :workspace_id_1 = workspace#s1
-- :maturity_level_1 = ('intern', 'supervised', 'autonomous')
