SELECT proposal.id,
       proposal.workspace_id,
       proposal.agent_id,
       proposal.proposal_type,
       proposal.title,
       proposal.description,
       proposal.proposed_action,
       proposal.reasoning,
       proposal.proposer_id,
       proposal.status,
       proposal.reviewer_id,
       proposal.reviewer_agent_id,
       proposal.reviewed_at,
       proposal.review_comments,
       proposal.modifications,
       proposal.execution_result,
       proposal.execution_id,
       proposal.estimated_hours,
       proposal.capability_gaps,
       proposal.expires_at,
       proposal.created_at,
       proposal.completed_at,
       proposal.estimated_low,
       proposal.estimated_high,
       proposal.estimate_confidence,
       proposal.lost_deliveries
FROM proposal
WHERE proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.agent_id = :agent_id_1::UUID
  AND proposal.status = :status_1
  AND proposal.reviewer_id = :reviewer_id_1::UUID
  AND proposal.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
  AND proposal.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
ORDER BY proposal.created_at DESC,
         proposal.id
LIMIT :param_1::INTEGER;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#2
-- :status_1 = 'rejected'
-- :reviewer_id_1 = user_account#3
-- :created_at_1 = 2026-02-01 00:00:00Z
-- :created_at_2 = 2026-02-02 00:00:00Z
-- :param_1 = 50
