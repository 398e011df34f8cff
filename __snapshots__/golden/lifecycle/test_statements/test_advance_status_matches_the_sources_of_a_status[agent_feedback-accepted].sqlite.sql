UPDATE agent_feedback
SET status=:status
WHERE agent_feedback.id = :id_1
  AND agent_feedback.workspace_id = :workspace_id_1
  AND agent_feedback.status IN (... 1);
-- :status = 'accepted'
-- :id_1 = agent_feedback#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('pending')
