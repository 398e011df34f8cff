UPDATE debug_session
SET status=:status
WHERE debug_session.id = :id_1::UUID
  AND debug_session.workspace_id = :workspace_id_1::UUID
  AND debug_session.status IN (... 1);
-- :status = 'paused'
-- :id_1 = debug_session#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('active')
