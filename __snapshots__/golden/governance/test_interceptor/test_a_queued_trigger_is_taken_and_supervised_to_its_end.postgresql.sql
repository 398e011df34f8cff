-- step: claim

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
WHERE blocked_trigger.workspace_id = :workspace_id_1::UUID
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.status = :status_1
  AND blocked_trigger.expires_at > :expires_at_1::TIMESTAMP WITH TIME ZONE
  AND blocked_trigger.attempts < :attempts_1::INTEGER
  AND agent.status = :status_2
  AND agent.maturity_level = :maturity_level_1
ORDER BY blocked_trigger.priority DESC,
         blocked_trigger.created_at,
         blocked_trigger.id
LIMIT :param_1::INTEGER
FOR NO KEY UPDATE OF blocked_trigger SKIP LOCKED;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :routing_decision_1 = 'supervision'
-- :status_1 = 'waiting'
-- :expires_at_1 = 2026-03-02 09:00:04Z
-- :attempts_1 = 3
-- :status_2 = 'active'
-- :maturity_level_1 = 'supervised'
-- :param_1 = 1

SELECT blocked_trigger.status
FROM blocked_trigger
WHERE blocked_trigger.id = :id_1::UUID
  AND blocked_trigger.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1

UPDATE blocked_trigger
SET status=:status,
    attempts=(blocked_trigger.attempts + :attempts_1::INTEGER)
WHERE blocked_trigger.id = :id_1::UUID
  AND blocked_trigger.workspace_id = :workspace_id_1::UUID
  AND blocked_trigger.status IN (... 1);
-- 1 row
-- :status = 'in_progress'
-- :attempts_1 = 1
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('waiting')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
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
-- :to_status = 'in_progress'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:05Z
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
WHERE blocked_trigger.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = blocked_trigger#1

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
WHERE agent.workspace_id = :workspace_id_1::UUID
  AND agent.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1

INSERT INTO supervision_session (id, workspace_id, agent_id, trigger_id, supervisor_id, trigger_context, status, intervention_count, rating, feedback, confidence_boost, started_at, completed_at, duration_seconds, execution_id)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :trigger_id::UUID, :supervisor_id::UUID, :trigger_context::JSON, :status, :intervention_count::INTEGER, :rating::INTEGER, :feedback::VARCHAR, :confidence_boost, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds, :execution_id::UUID);
-- 1 row
-- :id = record#1
-- :workspace_id = workspace#1
-- :agent_id = agent#1
-- :trigger_id = blocked_trigger#1
-- :supervisor_id = user_account#1
-- :trigger_context = {"n": 1}
-- :status = 'running'
-- :intervention_count = 0
-- :rating = NULL
-- :feedback = NULL
-- :confidence_boost = NULL
-- :started_at = 2026-03-02 09:00:06Z
-- :completed_at = NULL
-- :duration_seconds = NULL
-- :execution_id = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'supervision_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'supervision_session'
-- :record_id_1 = record#1
-- :from_status = NULL
-- :to_status = 'running'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:07Z
-- :actor_agent_id = NULL

-- step: complete

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
-- x 2: 1 row each
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
    rating=:rating::INTEGER,
    feedback=:feedback::VARCHAR,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  AND supervision_session.status IN (... 1);
-- 1 row
-- :status = 'completed'
-- :rating = 4
-- :feedback = NULL
-- :completed_at = 2026-03-02 09:00:08Z
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('running')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#4
-- :workspace_id = workspace#1
-- :record_kind = 'supervision_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'supervision_session'
-- :record_id_1 = record#1
-- :from_status = 'running'
-- :to_status = 'completed'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:09Z
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
WHERE blocked_trigger.workspace_id = :workspace_id_1::UUID
  AND blocked_trigger.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = blocked_trigger#1

SELECT blocked_trigger.status
FROM blocked_trigger
WHERE blocked_trigger.id = :id_1::UUID
  AND blocked_trigger.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1

UPDATE blocked_trigger
SET status=:status,
    resolved=:resolved,
    resolved_at=:resolved_at::TIMESTAMP WITH TIME ZONE,
                                                  resolution_outcome=:resolution_outcome
WHERE blocked_trigger.id = :id_1::UUID
  AND blocked_trigger.workspace_id = :workspace_id_1::UUID
  AND blocked_trigger.status IN (... 2);
-- 1 row
-- :status = 'resolved'
-- :resolved = true
-- :resolved_at = 2026-03-02 09:00:10Z
-- :resolution_outcome = 'executed'
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('waiting', 'in_progress')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#3
-- :workspace_id = workspace#1
-- :record_kind = 'blocked_trigger'
-- :record_id = blocked_trigger#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'blocked_trigger'
-- :record_id_1 = blocked_trigger#1
-- :from_status = 'in_progress'
-- :to_status = 'resolved'
-- :actor_id = user_account#1
-- :reason = 'executed'
-- :at = 2026-03-02 09:00:11Z
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
WHERE blocked_trigger.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = blocked_trigger#1

UPDATE supervision_session
SET confidence_boost=:confidence_boost
WHERE supervision_session.id = :supervision_session_id::UUID;
-- 1 row
-- :confidence_boost = 0.075
-- :supervision_session_id = record#1

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
WHERE agent.workspace_id = :workspace_id_1::UUID
  AND agent.id = :id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1

UPDATE agent
SET confidence_score=:confidence_score,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE agent.id = :agent_id::UUID;
-- 1 row
-- :confidence_score = 0.875
-- :updated_at = 2026-03-02 09:00:12Z
-- :agent_id = agent#1
