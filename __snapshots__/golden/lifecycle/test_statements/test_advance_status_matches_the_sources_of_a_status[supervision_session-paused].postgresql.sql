UPDATE supervision_session
SET status=:status
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  AND supervision_session.status IN (... 1);
-- :status = 'paused'
-- :id_1 = supervision_session#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('running')
