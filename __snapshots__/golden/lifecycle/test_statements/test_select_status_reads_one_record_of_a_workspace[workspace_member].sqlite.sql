SELECT workspace_member.status
FROM workspace_member
WHERE workspace_member.user_id = :user_id_1
  AND workspace_member.workspace_id = :workspace_id_1;
-- :user_id_1 = user_account#s1
-- :workspace_id_1 = workspace#s1
