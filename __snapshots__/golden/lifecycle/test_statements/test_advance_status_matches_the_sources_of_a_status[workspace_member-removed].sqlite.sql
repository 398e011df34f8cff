UPDATE workspace_member
SET status=:status
WHERE workspace_member.user_id = :user_id_1
  AND workspace_member.workspace_id = :workspace_id_1
  AND workspace_member.status IN (... 2);
-- :status = 'removed'
-- :user_id_1 = user_account#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('active', 'suspended')
