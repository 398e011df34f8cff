-- step: fail

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :status_1 = 'active'
-- :id_1 = user_account#1

SELECT supervision_session.execution_id
FROM supervision_session
WHERE supervision_session.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = record#1

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1::UUID
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :status_1 = 'active'
-- :id_1 = user_account#1

SELECT supervision_session.status
FROM supervision_session
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1

UPDATE supervision_session
SET status=:status,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  AND supervision_session.status IN (... 1);
-- 1 row
-- :status = 'failed'
-- :completed_at = 2026-03-02 09:00:02Z
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('running')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#1
-- :workspace_id = workspace#1
-- :record_kind = 'supervision_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'supervision_session'
-- :record_id_1 = record#1
-- :from_status = 'running'
-- :to_status = 'failed'
-- :actor_id = user_account#1
-- :reason = 'the bank is down'
-- :at = 2026-03-02 09:00:03Z
-- :actor_agent_id = NULL

SELECT supervision_session.id,
       supervision_session.workspace_id,
       supervision_session.agent_id,
       supervision_session.trigger_id,
       supervision_session.supervisor_id,
       supervision_session.trigger_context,
       supervision_session.status,
       supervision_session.intervention_count,
       supervision_session.rating,
       supervision_session.feedback,
       supervision_session.confidence_boost,
       supervision_session.started_at,
       supervision_session.completed_at,
       supervision_session.duration_seconds,
       supervision_session.execution_id
FROM supervision_session
WHERE supervision_session.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = record#1

UPDATE supervision_session
SET duration_seconds=:duration_seconds
WHERE supervision_session.id = :supervision_session_id::UUID;
-- 1 row
-- :duration_seconds = 2
-- :supervision_session_id = record#1
