SELECT debug_session.status
FROM debug_session
WHERE debug_session.id = :id_1
  AND debug_session.workspace_id = :workspace_id_1;
-- :id_1 = debug_session#s1
-- :workspace_id_1 = workspace#s1
