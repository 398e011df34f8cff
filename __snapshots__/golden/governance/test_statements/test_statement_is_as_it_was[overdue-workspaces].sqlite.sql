SELECT proposal.workspace_id
FROM proposal
WHERE proposal.status = :status_1
  AND proposal.expires_at <= :expires_at_1
UNION
SELECT blocked_trigger.workspace_id
FROM blocked_trigger
WHERE blocked_trigger.status = :status_2
  AND blocked_trigger.expires_at <= :expires_at_2
UNION
SELECT blocked_trigger.workspace_id
FROM blocked_trigger
WHERE blocked_trigger.status = :status_3
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.created_at <= :created_at_1
  AND blocked_trigger.priority < :priority_1
UNION
SELECT supervision_session.workspace_id
FROM supervision_session
WHERE supervision_session.started_at <= :started_at_1
  AND (supervision_session.status = :status_4
       OR supervision_session.status = :status_5
       AND supervision_session.execution_id IS NULL);
-- :status_1 = 'pending'
-- :expires_at_1 = 2026-02-02 00:00:00Z
-- :status_2 = 'waiting'
-- :expires_at_2 = 2026-02-02 00:00:00Z
-- :status_3 = 'waiting'
-- :routing_decision_1 = 'supervision'
-- :created_at_1 = 2026-02-01 00:00:00Z
-- :priority_1 = 9
-- :started_at_1 = 2026-02-01 00:00:00Z
-- :status_4 = 'paused'
-- :status_5 = 'running'
