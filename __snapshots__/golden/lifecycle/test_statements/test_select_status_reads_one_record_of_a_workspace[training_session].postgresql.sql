SELECT training_session.status
FROM training_session
WHERE training_session.id = :id_1::UUID
  AND training_session.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = training_session#s1
-- :workspace_id_1 = workspace#s1
