UPDATE agent
SET maturity_level=:maturity_level,
    updated_at=:updated_at
WHERE agent.id = :id_1
  AND agent.workspace_id = :workspace_id_1
  AND agent.maturity_level IN (... 3);
-- :maturity_level = 'intern'
-- :updated_at = NULL
-- :id_1 = agent#s1
-- :workspace_id_1 = workspace#s1
-- :maturity_level_1 = ('student', 'supervised', 'autonomous')
