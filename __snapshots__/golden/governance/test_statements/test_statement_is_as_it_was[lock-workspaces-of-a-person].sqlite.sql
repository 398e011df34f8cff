SELECT workspace.id
FROM workspace
WHERE workspace.id IN
    (SELECT workspace_member.workspace_id
     FROM workspace_member
     WHERE workspace_member.user_id = :user_id_1
       AND workspace_member.status != :status_1)
ORDER BY workspace.id;
-- :user_id_1 = user_account#s1
-- :status_1 = 'removed'
