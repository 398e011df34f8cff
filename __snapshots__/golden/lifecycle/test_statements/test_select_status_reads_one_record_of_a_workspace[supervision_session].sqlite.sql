SELECT supervision_session.status
FROM supervision_session
WHERE supervision_session.id = :id_1
  AND supervision_session.workspace_id = :workspace_id_1;
-- :id_1 = supervision_session#s1
-- :workspace_id_1 = workspace#s1
