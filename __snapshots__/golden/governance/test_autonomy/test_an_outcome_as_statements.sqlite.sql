SELECT agent.id,
       agent.workspace_id,
       agent.name,
       agent.description,
       agent.category,
       agent.module_path,
       agent.class_name,
       agent.maturity_level,
       agent.status,
       agent.confidence_score,
       agent.capabilities,
       agent.owner_id,
       agent.created_at,
       agent.updated_at
FROM agent
WHERE agent.workspace_id = :workspace_id_1
  AND agent.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent#s1

UPDATE agent
SET confidence_score=:confidence_score,
    updated_at=:updated_at
WHERE agent.id = :agent_id;
-- 1 row
-- :confidence_score = 0.7
-- :updated_at = 2026-03-02 09:00:00Z
-- :agent_id = agent#s1
