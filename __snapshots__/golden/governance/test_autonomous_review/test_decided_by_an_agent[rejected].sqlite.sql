-- step: review

SELECT agent.id,
       agent.workspace_id,
       agent.name,
       agent.description,
       agent.category,
       agent.module_path,
       agent.class_name,
       agent.maturity_level,
       agent.status,
       agent.confidence_score,
       agent.capabilities,
       agent.owner_id,
       agent.created_at,
       agent.updated_at
FROM agent
WHERE agent.workspace_id = :workspace_id_1
  AND agent.id = :id_1;
-- x 2: 1 row each
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#2, agent#1

SELECT action_level.id,
       action_level.workspace_id,
       action_level.action,
       action_level.level,
       action_level.set_by,
       action_level.set_at
FROM action_level
WHERE action_level.workspace_id = :workspace_id_1
  AND action_level.action = :action_1;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :action_1 = 'send_email'

SELECT proposal.status
FROM proposal
WHERE proposal.id = :id_1
  AND proposal.workspace_id = :workspace_id_1;
-- 1 row
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1

UPDATE proposal
SET status=:status,
    reviewer_id=:reviewer_id,
    reviewer_agent_id=:reviewer_agent_id,
    reviewed_at=:reviewed_at,
    review_comments=:review_comments,
    completed_at=:completed_at
WHERE proposal.id = :id_1
  AND proposal.workspace_id = :workspace_id_1
  AND proposal.status IN (... 1);
-- 1 row
-- :status = 'rejected'
-- :reviewer_id = NULL
-- :reviewer_agent_id = agent#2
-- :reviewed_at = 2026-03-02 09:00:03Z
-- :review_comments = 'it matches the ledger'
-- :completed_at = 2026-03-02 09:00:04Z
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('pending')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id, :workspace_id, :record_kind, :record_id, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1) + :coalesce_2 AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1 AND lifecycle_event.record_id = :record_id_1), :from_status, :to_status, :actor_id, :reason, :at, :actor_agent_id);
-- 1 row
-- :id = lifecycle_event#1
-- :workspace_id = workspace#1
-- :record_kind = 'proposal'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = record#1
-- :from_status = 'pending'
-- :to_status = 'rejected'
-- :actor_id = NULL
-- :reason = 'it matches the ledger'
-- :at = 2026-03-02 09:00:05Z
-- :actor_agent_id = agent#2

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
WHERE proposal.id = :pk_1;
-- 1 row
-- :pk_1 = record#1

SELECT blocked_trigger.id,
       blocked_trigger.workspace_id,
       blocked_trigger.agent_id,
       blocked_trigger.maturity_level,
       blocked_trigger.confidence_score,
       blocked_trigger.trigger_source,
       blocked_trigger.trigger_type,
       blocked_trigger.trigger_context,
       blocked_trigger.routing_decision,
       blocked_trigger.block_reason,
       blocked_trigger.status,
       blocked_trigger.priority,
       blocked_trigger.attempts,
       blocked_trigger.expires_at,
       blocked_trigger.resolved,
       blocked_trigger.resolved_at,
       blocked_trigger.resolution_outcome,
       blocked_trigger.proposal_id,
       blocked_trigger.created_at
FROM blocked_trigger
WHERE blocked_trigger.workspace_id = :workspace_id_1
  AND blocked_trigger.proposal_id = :proposal_id_1
  AND blocked_trigger.status != :status_1
ORDER BY blocked_trigger.created_at,
         blocked_trigger.id;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :proposal_id_1 = record#1
-- :status_1 = 'resolved'

-- step: execute

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
-- :workspace_id_1 = workspace#1
-- :id_1 = record#1
