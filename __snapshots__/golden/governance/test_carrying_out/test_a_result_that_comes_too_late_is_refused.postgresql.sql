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
WHERE proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.id = :id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :id_1 = proposal#s1

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
WHERE agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent_execution#s1

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
-- :pk_1 = agent_execution#s1

SELECT agent_execution.status
FROM agent_execution
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = agent_execution#s1
-- :workspace_id_1 = workspace#s1

UPDATE agent_execution
SET status=:status,
    error_type=:error_type::VARCHAR,
    error_message=:error_message::VARCHAR,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE,
                                                    duration_seconds=:duration_seconds
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.status IN (... 1);
-- 1 row
-- :status = 'timeout'
-- :error_type = 'Timeout'
-- :error_message = 'The run took longer than 3600 s.'
-- :completed_at = 2026-03-02 11:00:12Z
-- :duration_seconds = 7203
-- :id_1 = agent_execution#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('running')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#s1
-- :workspace_id = workspace#s1
-- :record_kind = 'agent_execution'
-- :record_id = agent_execution#s1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = agent_execution#s1
-- :from_status = 'running'
-- :to_status = 'timeout'
-- :actor_id = NULL
-- :reason = 'longer than 3600 s'
-- :at = 2026-03-02 11:00:13Z
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
-- :pk_1 = agent_execution#s1

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
-- :workspace_id_1 = workspace#s1
-- :execution_id_1 = agent_execution#s1
-- :status_1 = ('running', 'paused')

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
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent#s1

INSERT INTO agent_execution (id, workspace_id, agent_id, status, triggered_by, input_summary, output_summary, result_summary, error_type, error_message, created_at, started_at, completed_at, duration_seconds)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :status, :triggered_by, :input_summary::VARCHAR, :output_summary::VARCHAR, :result_summary::VARCHAR, :error_type::VARCHAR, :error_message::VARCHAR, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds);
-- 1 row
-- :id = agent_execution#s2
-- :workspace_id = workspace#s1
-- :agent_id = agent#s1
-- :status = 'pending'
-- :triggered_by = 'proposal'
-- :input_summary = 'Ines: send_email'
-- :output_summary = NULL
-- :result_summary = NULL
-- :error_type = NULL
-- :error_message = NULL
-- :created_at = 2026-03-02 11:00:14Z
-- :started_at = NULL
-- :completed_at = NULL
-- :duration_seconds = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#s2
-- :workspace_id = workspace#s1
-- :record_kind = 'agent_execution'
-- :record_id = agent_execution#s2
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = agent_execution#s2
-- :from_status = NULL
-- :to_status = 'pending'
-- :actor_id = user_account#s1
-- :reason = NULL
-- :at = 2026-03-02 11:00:15Z
-- :actor_agent_id = NULL

UPDATE proposal
SET execution_id=:execution_id::UUID
WHERE proposal.id = :proposal_id::UUID;
-- 1 row
-- :execution_id = agent_execution#s2
-- :proposal_id = proposal#s1

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
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent#s1

SELECT agent_execution.status
FROM agent_execution
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = agent_execution#s2
-- :workspace_id_1 = workspace#s1

UPDATE agent_execution
SET status=:status,
    started_at=:started_at::TIMESTAMP WITH TIME ZONE
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.status IN (... 1);
-- 1 row
-- :status = 'running'
-- :started_at = 2026-03-02 11:00:16Z
-- :id_1 = agent_execution#s2
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('pending')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#s3
-- :workspace_id = workspace#s1
-- :record_kind = 'agent_execution'
-- :record_id = agent_execution#s2
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = agent_execution#s2
-- :from_status = 'pending'
-- :to_status = 'running'
-- :actor_id = user_account#s1
-- :reason = NULL
-- :at = 2026-03-02 11:00:17Z
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
-- :pk_1 = agent_execution#s2

-- step: late

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
WHERE proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.id = :id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :id_1 = proposal#s1

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
WHERE agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent_execution#s1

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
-- :pk_1 = agent_execution#s1
