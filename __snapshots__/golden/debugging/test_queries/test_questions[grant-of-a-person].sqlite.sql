SELECT debug_grant.id,
       debug_grant.workspace_id,
       debug_grant.session_id,
       debug_grant.user_id,
       debug_grant.permission,
       debug_grant.granted_by,
       debug_grant.created_at
FROM debug_grant
WHERE debug_grant.workspace_id = :workspace_id_1
  AND debug_grant.session_id = :session_id_1
  AND debug_grant.user_id = :user_id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :session_id_1 = debug_session#1
-- :user_id_1 = user_account#3
