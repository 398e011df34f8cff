-- step: register the same

SELECT workspace.id
FROM workspace
WHERE workspace.id = :id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = workspace#s1

SELECT workspace_member.user_id
FROM workspace_member
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.user_id = :user_id_1::UUID
  AND workspace_member.status = :status_1;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :user_id_1 = user_account#s1
-- :status_1 = 'active'

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
-- :workspace_id_1 = workspace#s1
-- :category_1 = 'finance'
-- :module_path_1 = 'agents.finance'
-- :class_name_1 = 'Reconciler'
