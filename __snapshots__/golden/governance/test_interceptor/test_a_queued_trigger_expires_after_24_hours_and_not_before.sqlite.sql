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
  AND blocked_trigger.status = :status_1
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.expires_at <= :expires_at_1
ORDER BY blocked_trigger.created_at,
         blocked_trigger.id;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :status_1 = 'waiting'
-- :routing_decision_1 = 'supervision'
-- :expires_at_1 = 2026-03-03 08:59:59.999999Z

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
-- :id_1 = user_account#s1

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
JOIN agent ON agent.id = blocked_trigger.agent_id
WHERE blocked_trigger.workspace_id = :workspace_id_1
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.status = :status_1
  AND blocked_trigger.expires_at > :expires_at_1
  AND blocked_trigger.attempts < :attempts_1
  AND agent.status = :status_2
  AND agent.maturity_level = :maturity_level_1
ORDER BY blocked_trigger.priority DESC,
         blocked_trigger.created_at,
         blocked_trigger.id
LIMIT :param_1
OFFSET :param_2;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :routing_decision_1 = 'supervision'
-- :status_1 = 'waiting'
-- :expires_at_1 = 2026-03-03 09:00:00Z
-- :attempts_1 = 3
-- :status_2 = 'active'
-- :maturity_level_1 = 'supervised'
-- :param_1 = 1
-- :param_2 = 0

-- step: expire

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
  AND blocked_trigger.status = :status_1
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.expires_at <= :expires_at_1
ORDER BY blocked_trigger.created_at,
         blocked_trigger.id;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :status_1 = 'waiting'
-- :routing_decision_1 = 'supervision'
-- :expires_at_1 = 2026-03-03 09:00:00Z

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
-- :resolved_at = 2026-03-03 09:00:01Z
-- :resolution_outcome = 'expired'
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
-- :actor_id = NULL
-- :reason = 'expired'
-- :at = 2026-03-03 09:00:02Z
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
  AND blocked_trigger.status = :status_1
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.expires_at <= :expires_at_1
ORDER BY blocked_trigger.created_at,
         blocked_trigger.id;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :status_1 = 'waiting'
-- :routing_decision_1 = 'supervision'
-- :expires_at_1 = 2026-03-03 09:00:00Z
