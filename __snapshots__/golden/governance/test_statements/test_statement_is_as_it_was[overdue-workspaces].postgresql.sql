SELECT proposal.workspace_id
FROM proposal
WHERE proposal.status = :status_1
  AND proposal.expires_at <= :expires_at_1::TIMESTAMP WITH TIME ZONE
UNION
SELECT blocked_trigger.workspace_id
FROM blocked_trigger
WHERE blocked_trigger.status = :status_2
  AND blocked_trigger.expires_at <= :expires_at_2::TIMESTAMP WITH TIME ZONE
UNION
SELECT supervision_session.workspace_id
FROM supervision_session
WHERE supervision_session.started_at <= :started_at_1::TIMESTAMP WITH TIME ZONE
  AND (supervision_session.status = :status_3
       OR supervision_session.status = :status_4
       AND supervision_session.execution_id IS NULL);
-- :status_1 = 'pending'
-- :expires_at_1 = 2026-02-02 00:00:00Z
-- :status_2 = 'waiting'
-- :expires_at_2 = 2026-02-02 00:00:00Z
-- :started_at_1 = 2026-02-01 00:00:00Z
-- :status_3 = 'paused'
-- :status_4 = 'running'
