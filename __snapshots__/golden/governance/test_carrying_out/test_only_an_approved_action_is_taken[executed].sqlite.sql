-- step: take

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
       proposal.completed_at
FROM proposal
WHERE proposal.workspace_id = :workspace_id_1
  AND proposal.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :id_1 = proposal#s1

SELECT proposal.workspace_id,
       proposal.id
FROM proposal
JOIN agent_execution ON agent_execution.id = proposal.execution_id
WHERE proposal.status = :status_1
  AND proposal.proposal_type = :proposal_type_1
  AND NOT (agent_execution.status = :status_2
           OR agent_execution.status = :status_3
           AND agent_execution.started_at > :started_at_1)
ORDER BY proposal.created_at,
         proposal.id
LIMIT :param_1
OFFSET :param_2;
-- 1 row
-- :status_1 = 'approved'
-- :proposal_type_1 = 'action'
-- :status_2 = 'paused'
-- :status_3 = 'running'
-- :started_at_1 = 2026-03-02 08:00:22Z
-- :param_1 = 100
-- :param_2 = 0
