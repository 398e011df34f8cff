-- step: request

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

INSERT INTO agent_execution (id, workspace_id, agent_id, status, triggered_by, input_summary, output_summary, result_summary, error_type, error_message, created_at, started_at, completed_at, duration_seconds)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :status, :triggered_by, :input_summary::VARCHAR, :output_summary::VARCHAR, :result_summary::VARCHAR, :error_type::VARCHAR, :error_message::VARCHAR, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds);
-- 1 row
-- :id = agent_execution#1
-- :workspace_id = workspace#1
-- :agent_id = agent#1
-- :status = 'pending'
-- :triggered_by = 'manual'
-- :input_summary = NULL
-- :output_summary = NULL
-- :result_summary = NULL
-- :error_type = NULL
-- :error_message = NULL
-- :created_at = 2026-03-02 09:00:00Z
-- :started_at = NULL
-- :completed_at = NULL
-- :duration_seconds = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#1
-- :workspace_id = workspace#1
-- :record_kind = 'agent_execution'
-- :record_id = agent_execution#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = agent_execution#1
-- :from_status = NULL
-- :to_status = 'pending'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:01Z
-- :actor_agent_id = NULL

-- step: start

SELECT agent_execution.status
FROM agent_execution
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = agent_execution#1
-- :workspace_id_1 = workspace#1

UPDATE agent_execution
SET status=:status,
    started_at=:started_at::TIMESTAMP WITH TIME ZONE
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.status IN (... 1);
-- 1 row
-- :status = 'running'
-- :started_at = 2026-03-02 09:00:02Z
-- :id_1 = agent_execution#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('pending')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'agent_execution'
-- :record_id = agent_execution#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = agent_execution#1
-- :from_status = 'pending'
-- :to_status = 'running'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:03Z
-- :actor_agent_id = NULL

SELECT agent_execution.id,
       agent_execution.workspace_id,
       agent_execution.agent_id,
       agent_execution.status,
       agent_execution.triggered_by,
       agent_execution.input_summary,
       agent_execution.output_summary,
       agent_execution.result_summary,
       agent_execution.error_type,
       agent_execution.error_message,
       agent_execution.created_at,
       agent_execution.started_at,
       agent_execution.completed_at,
       agent_execution.duration_seconds
FROM agent_execution
WHERE agent_execution.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = agent_execution#1

-- step: complete

SELECT agent_execution.status
FROM agent_execution
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = agent_execution#1
-- :workspace_id_1 = workspace#1

UPDATE agent_execution
SET status=:status,
    output_summary=:output_summary::VARCHAR,
    result_summary=:result_summary::VARCHAR,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE,
                                                    duration_seconds=:duration_seconds
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.status IN (... 1);
-- 1 row
-- :status = 'completed'
-- :output_summary = '3 mails'
-- :result_summary = 'sent'
-- :completed_at = 2026-03-02 09:00:04Z
-- :duration_seconds = 2
-- :id_1 = agent_execution#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('running')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#3
-- :workspace_id = workspace#1
-- :record_kind = 'agent_execution'
-- :record_id = agent_execution#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = agent_execution#1
-- :from_status = 'running'
-- :to_status = 'completed'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:05Z
-- :actor_agent_id = NULL

SELECT agent_execution.id,
       agent_execution.workspace_id,
       agent_execution.agent_id,
       agent_execution.status,
       agent_execution.triggered_by,
       agent_execution.input_summary,
       agent_execution.output_summary,
       agent_execution.result_summary,
       agent_execution.error_type,
       agent_execution.error_message,
       agent_execution.created_at,
       agent_execution.started_at,
       agent_execution.completed_at,
       agent_execution.duration_seconds
FROM agent_execution
WHERE agent_execution.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = agent_execution#1

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
WHERE supervision_session.workspace_id = :workspace_id_1::UUID
  AND supervision_session.execution_id = :execution_id_1::UUID
  AND supervision_session.status IN (... 2);
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :execution_id_1 = agent_execution#1
-- :status_1 = ('running', 'paused')
