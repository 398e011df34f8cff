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

UPDATE agent
SET confidence_score=:confidence_score,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE agent.id = :agent_id::UUID;
-- 1 row
-- :confidence_score = 0.82
-- :updated_at = 2026-03-02 09:00:00Z
-- :agent_id = agent#1

-- step: begin

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
-- :id_1 = user_account#2

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
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :trigger_id::UUID, :supervisor_id::UUID, :trigger_context::JSONB, :status, :intervention_count::INTEGER, :rating::INTEGER, :feedback::VARCHAR, :confidence_boost, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds, :execution_id::UUID);
-- 1 row
-- :id = record#1
-- :workspace_id = workspace#1
-- :agent_id = agent#1
-- :trigger_id = NULL
-- :supervisor_id = user_account#2
-- :trigger_context = {"task": "reconcile"}
-- :status = 'running'
-- :intervention_count = 0
-- :rating = NULL
-- :feedback = NULL
-- :confidence_boost = NULL
-- :started_at = 2026-03-02 09:00:01Z
-- :completed_at = NULL
-- :duration_seconds = NULL
-- :execution_id = NULL

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
-- :from_status = NULL
-- :to_status = 'running'
-- :actor_id = user_account#2
-- :reason = NULL
-- :at = 2026-03-02 09:00:02Z
-- :actor_agent_id = NULL

-- step: correct

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
-- :id_1 = user_account#2

SELECT supervision_session.execution_id
FROM supervision_session
WHERE supervision_session.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = record#1

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
    intervention_count=(supervision_session.intervention_count + :intervention_count_1::INTEGER)
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  AND supervision_session.status IN (... 1);
-- 1 row
-- :status = 'running'
-- :intervention_count_1 = 1
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('running')

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
-- :from_status = 'running'
-- :to_status = 'running'
-- :actor_id = user_account#2
-- :reason = 'correct: round to cents'
-- :at = 2026-03-02 09:00:04Z
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

INSERT INTO intervention (id, workspace_id, session_id, sequence, intervention_type, guidance, supervisor_id, at)
VALUES (:id::UUID, :workspace_id::UUID, :session_id::UUID, :sequence::INTEGER, :intervention_type, :guidance::VARCHAR, :supervisor_id::UUID, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = intervention#1
-- :workspace_id = workspace#1
-- :session_id = record#1
-- :sequence = 1
-- :intervention_type = 'correct'
-- :guidance = 'round to cents'
-- :supervisor_id = user_account#2
-- :at = 2026-03-02 09:00:03Z

-- step: pause

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
    intervention_count=(supervision_session.intervention_count + :intervention_count_1::INTEGER)
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  AND supervision_session.status IN (... 1);
-- 1 row
-- :status = 'paused'
-- :intervention_count_1 = 1
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('running')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#3
-- :workspace_id = workspace#1
-- :record_kind = 'supervision_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'supervision_session'
-- :record_id_1 = record#1
-- :from_status = 'running'
-- :to_status = 'paused'
-- :actor_id = user_account#1
-- :reason = 'pause: wait for the bank'
-- :at = 2026-03-02 09:00:06Z
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

INSERT INTO intervention (id, workspace_id, session_id, sequence, intervention_type, guidance, supervisor_id, at)
VALUES (:id::UUID, :workspace_id::UUID, :session_id::UUID, :sequence::INTEGER, :intervention_type, :guidance::VARCHAR, :supervisor_id::UUID, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = intervention#2
-- :workspace_id = workspace#1
-- :session_id = record#1
-- :sequence = 2
-- :intervention_type = 'pause'
-- :guidance = 'wait for the bank'
-- :supervisor_id = user_account#1
-- :at = 2026-03-02 09:00:05Z

-- step: resume

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
-- :id_1 = user_account#2

SELECT supervision_session.execution_id
FROM supervision_session
WHERE supervision_session.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = record#1

SELECT supervision_session.status
FROM supervision_session
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1

UPDATE supervision_session
SET status=:status
WHERE supervision_session.id = :id_1::UUID
  AND supervision_session.workspace_id = :workspace_id_1::UUID
  AND supervision_session.status IN (... 1);
-- 1 row
-- :status = 'running'
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('paused')

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
-- :from_status = 'paused'
-- :to_status = 'running'
-- :actor_id = user_account#2
-- :reason = NULL
-- :at = 2026-03-02 09:00:07Z
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
-- :id_1 = user_account#2

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
-- :rating = 5
-- :feedback = 'good'
-- :completed_at = 2026-03-02 09:30:09Z
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('running')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#6
-- :workspace_id = workspace#1
-- :record_kind = 'supervision_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'supervision_session'
-- :record_id_1 = record#1
-- :from_status = 'running'
-- :to_status = 'completed'
-- :actor_id = user_account#2
-- :reason = NULL
-- :at = 2026-03-02 09:30:10Z
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
SET confidence_boost=:confidence_boost,
    duration_seconds=:duration_seconds
WHERE supervision_session.id = :supervision_session_id::UUID;
-- 1 row
-- :confidence_boost = 0.08
-- :duration_seconds = 1808
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

SELECT agent.maturity_level
FROM agent
WHERE agent.id = :id_1::UUID
  AND agent.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = agent#1
-- :workspace_id_1 = workspace#1

UPDATE agent
SET maturity_level=:maturity_level,
    confidence_score=:confidence_score,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE agent.id = :id_1::UUID
  AND agent.workspace_id = :workspace_id_1::UUID
  AND agent.maturity_level IN (... 3);
-- 1 row
-- :maturity_level = 'autonomous'
-- :confidence_score = 0.9
-- :updated_at = 2026-03-02 09:30:11Z
-- :id_1 = agent#1
-- :workspace_id_1 = workspace#1
-- :maturity_level_1 = ('student', 'intern', 'supervised')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#5
-- :workspace_id = workspace#1
-- :record_kind = 'agent.maturity'
-- :record_id = agent#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent.maturity'
-- :record_id_1 = agent#1
-- :from_status = 'supervised'
-- :to_status = 'autonomous'
-- :actor_id = user_account#2
-- :reason = 'supervision completed with a rating of 5'
-- :at = 2026-03-02 09:30:12Z
-- :actor_agent_id = NULL

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
WHERE agent.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = agent#1

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
