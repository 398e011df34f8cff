SELECT agent_feedback.status
FROM agent_feedback
WHERE agent_feedback.id = :id_1
  AND agent_feedback.workspace_id = :workspace_id_1;
-- :id_1 = agent_feedback#s1
-- :workspace_id_1 = workspace#s1
