-- step: register

SELECT workspace.id
FROM workspace
WHERE workspace.id = :id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = workspace#1

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
WHERE agent.workspace_id = :workspace_id_1::UUID
  AND agent.category = :category_1::VARCHAR
  AND agent.module_path = :module_path_1::VARCHAR
  AND agent.class_name = :class_name_1::VARCHAR;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :category_1 = 'finance'
-- :module_path_1 = 'agents'
-- :class_name_1 = 'Sue'

UPDATE agent
SET name=:name::VARCHAR,
    capabilities=:capabilities::JSONB,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE agent.id = :agent_id::UUID;
-- 1 row
-- :name = 'Sue the second'
-- :capabilities = ["reconcile"]
-- :updated_at = 2026-03-02 09:00:00Z
-- :agent_id = agent#1

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
WHERE agent.workspace_id = :workspace_id_1::UUID
  AND agent.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1
