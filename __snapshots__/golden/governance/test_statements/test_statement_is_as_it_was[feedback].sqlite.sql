SELECT agent_feedback.id,
       agent_feedback.workspace_id,
       agent_feedback.agent_id,
       agent_feedback.execution_id,
       agent_feedback.user_id,
       agent_feedback.rating,
       agent_feedback.original_output,
       agent_feedback.user_correction,
       agent_feedback.input_context,
       agent_feedback.status,
       agent_feedback.confidence_change,
       agent_feedback.created_at,
       agent_feedback.adjudicated_at,
       agent_feedback.adjudicator_id,
       agent_feedback.comment,
       agent_feedback.category
FROM agent_feedback
WHERE agent_feedback.workspace_id = :workspace_id_1
  AND agent_feedback.id = :id_1;
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent_feedback#s1
