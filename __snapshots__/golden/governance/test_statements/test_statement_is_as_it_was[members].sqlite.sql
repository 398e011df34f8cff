SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty,
       workspace_member.status
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1
  AND workspace_member.status IN (... 1)
ORDER BY user_account.email,
         user_account.id;
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('active')
