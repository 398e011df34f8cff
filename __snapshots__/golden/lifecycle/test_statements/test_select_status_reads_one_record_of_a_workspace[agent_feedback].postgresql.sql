SELECT agent_feedback.status
FROM agent_feedback
WHERE agent_feedback.id = :id_1::UUID
  AND agent_feedback.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = agent_feedback#s1
-- :workspace_id_1 = workspace#s1
