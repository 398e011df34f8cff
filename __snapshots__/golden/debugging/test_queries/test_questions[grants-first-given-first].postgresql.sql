SELECT debug_grant.id,
       debug_grant.workspace_id,
       debug_grant.session_id,
       debug_grant.user_id,
       debug_grant.permission,
       debug_grant.granted_by,
       debug_grant.created_at
FROM debug_grant
WHERE debug_grant.workspace_id = :workspace_id_1::UUID
  AND debug_grant.session_id = :session_id_1::UUID
ORDER BY debug_grant.created_at,
         debug_grant.id;
-- 3 rows
-- :workspace_id_1 = workspace#1
-- :session_id_1 = debug_session#1
