-- step: reject

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :status_1 = 'active'
-- :id_1 = user_account#1

SELECT proposal.status
FROM proposal
WHERE proposal.id = :id_1
  AND proposal.workspace_id = :workspace_id_1;
-- 1 row
-- :id_1 = proposal#1
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
-- :reviewer_id = user_account#1
-- :reviewer_agent_id = NULL
-- :reviewed_at = 2026-03-02 09:00:05Z
-- :review_comments = 'no'
-- :completed_at = 2026-03-02 09:00:06Z
-- :id_1 = proposal#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('pending')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id, :workspace_id, :record_kind, :record_id, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1) + :coalesce_2 AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1 AND lifecycle_event.record_id = :record_id_1), :from_status, :to_status, :actor_id, :reason, :at, :actor_agent_id);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'proposal'
-- :record_id = proposal#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = proposal#1
-- :from_status = 'pending'
-- :to_status = 'rejected'
-- :actor_id = user_account#1
-- :reason = 'no'
-- :at = 2026-03-02 09:00:07Z
-- :actor_agent_id = NULL

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
-- :pk_1 = proposal#1

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
-- 1 row
-- :workspace_id_1 = workspace#1
-- :proposal_id_1 = proposal#1
-- :status_1 = 'resolved'

SELECT blocked_trigger.status
FROM blocked_trigger
WHERE blocked_trigger.id = :id_1
  AND blocked_trigger.workspace_id = :workspace_id_1;
-- 1 row
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1

UPDATE blocked_trigger
SET status=:status,
    resolved=:resolved,
    resolved_at=:resolved_at,
    resolution_outcome=:resolution_outcome
WHERE blocked_trigger.id = :id_1
  AND blocked_trigger.workspace_id = :workspace_id_1
  AND blocked_trigger.status IN (... 2);
-- 1 row
-- :status = 'resolved'
-- :resolved = true
-- :resolved_at = 2026-03-02 09:00:08Z
-- :resolution_outcome = 'rejected'
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('waiting', 'in_progress')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id, :workspace_id, :record_kind, :record_id, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1) + :coalesce_2 AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1 AND lifecycle_event.record_id = :record_id_1), :from_status, :to_status, :actor_id, :reason, :at, :actor_agent_id);
-- 1 row
-- :id = lifecycle_event#1
-- :workspace_id = workspace#1
-- :record_kind = 'blocked_trigger'
-- :record_id = blocked_trigger#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'blocked_trigger'
-- :record_id_1 = blocked_trigger#1
-- :from_status = 'waiting'
-- :to_status = 'resolved'
-- :actor_id = user_account#1
-- :reason = 'rejected'
-- :at = 2026-03-02 09:00:09Z
-- :actor_agent_id = NULL

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
WHERE blocked_trigger.id = :pk_1;
-- 1 row
-- :pk_1 = blocked_trigger#1
