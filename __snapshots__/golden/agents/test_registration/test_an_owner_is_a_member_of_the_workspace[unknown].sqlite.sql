-- step: register in Globex

SELECT workspace.id
FROM workspace
WHERE workspace.id = :id_1;
-- 1 row
-- :id_1 = workspace#s1

SELECT workspace_member.user_id
FROM workspace_member
WHERE workspace_member.workspace_id = :workspace_id_1
  AND workspace_member.user_id = :user_id_1
  AND workspace_member.status = :status_1;
-- 0 rows
-- :workspace_id_1 = workspace#s1
-- :user_id_1 = user_account#s1
-- :status_1 = 'active'
