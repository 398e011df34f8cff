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
  AND agent.category = :category_1
  AND agent.module_path = :module_path_1
  AND agent.class_name = :class_name_1;
-- :workspace_id_1 = workspace#s1
-- :category_1 = 'finance'
-- :module_path_1 = 'agents'
-- :class_name_1 = 'Auditor'
