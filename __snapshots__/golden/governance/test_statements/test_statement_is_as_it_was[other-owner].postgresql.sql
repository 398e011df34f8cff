SELECT user_account.id
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.role = :role_1
  AND user_account.id != :id_1::UUID
ORDER BY user_account.id
LIMIT :param_1::INTEGER;
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :role_1 = 'owner'
-- :id_1 = user_account#s1
-- :param_1 = 1
