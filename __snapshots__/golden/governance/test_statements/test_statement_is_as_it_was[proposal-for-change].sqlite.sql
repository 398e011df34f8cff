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
WHERE proposal.workspace_id = :workspace_id_1
  AND proposal.id = :id_1;
-- :workspace_id_1 = workspace#s1
-- :id_1 = proposal#s1
