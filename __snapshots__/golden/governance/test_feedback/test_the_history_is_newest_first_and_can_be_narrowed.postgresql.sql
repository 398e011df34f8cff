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
WHERE agent_feedback.workspace_id = :workspace_id_1::UUID
  AND agent_feedback.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
  AND agent_feedback.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
ORDER BY agent_feedback.created_at DESC,
         agent_feedback.id
LIMIT :param_1::INTEGER;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-03-02 09:00:00Z
-- :created_at_2 = 2026-03-02 09:00:07Z
-- :param_1 = 50
