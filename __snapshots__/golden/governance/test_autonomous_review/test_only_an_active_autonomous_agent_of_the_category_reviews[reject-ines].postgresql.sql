-- step: review

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
-- x 2: 1 row each
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent#s1

SELECT action_level.id,
       action_level.workspace_id,
       action_level.action,
       action_level.level,
       action_level.set_by,
       action_level.set_at
FROM action_level
WHERE action_level.workspace_id = :workspace_id_1::UUID
  AND action_level.action = :action_1::VARCHAR;
-- 0 rows
-- :workspace_id_1 = workspace#s1
-- :action_1 = 'send_email'
