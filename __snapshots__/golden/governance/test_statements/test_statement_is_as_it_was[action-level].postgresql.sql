SELECT action_level.id,
       action_level.workspace_id,
       action_level.action,
       action_level.level,
       action_level.set_by,
       action_level.set_at
FROM action_level
WHERE action_level.workspace_id = :workspace_id_1::UUID
  AND action_level.action = :action_1::VARCHAR;
-- :workspace_id_1 = workspace#s1
-- :action_1 = 'send_email'
