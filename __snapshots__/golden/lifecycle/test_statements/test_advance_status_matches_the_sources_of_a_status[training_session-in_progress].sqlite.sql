UPDATE training_session
SET status=:status
WHERE training_session.id = :id_1
  AND training_session.workspace_id = :workspace_id_1
  AND training_session.status IN (... 1);
-- :status = 'in_progress'
-- :id_1 = training_session#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('scheduled')
