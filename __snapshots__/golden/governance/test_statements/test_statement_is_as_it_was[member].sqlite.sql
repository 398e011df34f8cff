SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1;
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'active'
-- :id_1 = user_account#s1
