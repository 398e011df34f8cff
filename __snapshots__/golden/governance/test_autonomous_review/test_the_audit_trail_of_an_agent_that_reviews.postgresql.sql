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
-- x 2: 1 row each
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1, agent#s1

SELECT action_level.id,
       action_level.workspace_id,
       action_level.action,
       action_level.level,
       action_level.set_by,
       action_level.set_at
FROM action_level
WHERE action_level.workspace_id = :workspace_id_1::UUID
  AND action_level.action = :action_1::VARCHAR;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :action_1 = 'send_email'

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
-- :id_1 = agent#s1

SELECT proposal.status
FROM proposal
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#2
-- :workspace_id_1 = workspace#1

UPDATE proposal
SET status=:status,
    reviewer_id=:reviewer_id::UUID,
    reviewer_agent_id=:reviewer_agent_id::UUID,
    reviewed_at=:reviewed_at::TIMESTAMP WITH TIME ZONE,
                                                  review_comments=:review_comments::VARCHAR
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.status IN (... 1);
-- 1 row
-- :status = 'approved'
-- :reviewer_id = NULL
-- :reviewer_agent_id = agent#1
-- :reviewed_at = 2026-03-02 09:00:03Z
-- :review_comments = 'it matches the ledger'
-- :id_1 = record#2
-- :workspace_id_1 = workspace#1
-- :status_1 = ('pending')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#4
-- :workspace_id = workspace#1
-- :record_kind = 'proposal'
-- :record_id = record#2
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = record#2
-- :from_status = 'pending'
-- :to_status = 'approved'
-- :actor_id = NULL
-- :reason = 'it matches the ledger'
-- :at = 2026-03-02 09:00:04Z
-- :actor_agent_id = agent#1

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
WHERE proposal.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = record#2

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
-- :id_1 = agent#s1

INSERT INTO agent_execution (id, workspace_id, agent_id, status, triggered_by, input_summary, output_summary, result_summary, error_type, error_message, created_at, started_at, completed_at, duration_seconds)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :status, :triggered_by, :input_summary::VARCHAR, :output_summary::VARCHAR, :result_summary::VARCHAR, :error_type::VARCHAR, :error_message::VARCHAR, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds);
-- 1 row
-- :id = record#1
-- :workspace_id = workspace#1
-- :agent_id = agent#s1
-- :status = 'pending'
-- :triggered_by = 'proposal'
-- :input_summary = 'Do it'
-- :output_summary = NULL
-- :result_summary = NULL
-- :error_type = NULL
-- :error_message = NULL
-- :created_at = 2026-03-02 09:00:05Z
-- :started_at = NULL
-- :completed_at = NULL
-- :duration_seconds = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#1
-- :workspace_id = workspace#1
-- :record_kind = 'agent_execution'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = record#1
-- :from_status = NULL
-- :to_status = 'pending'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:06Z
-- :actor_agent_id = agent#1

UPDATE proposal
SET execution_id=:execution_id::UUID
WHERE proposal.id = :proposal_id::UUID;
-- 1 row
-- :execution_id = record#1
-- :proposal_id = record#2

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
-- :workspace_id_1 = workspace#1
-- :id_1 = record#2

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
-- :workspace_id_1 = workspace#1
-- :id_1 = record#1

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
-- :pk_1 = record#1

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
-- :id_1 = agent#s1

SELECT agent_execution.status
FROM agent_execution
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1

UPDATE agent_execution
SET status=:status,
    started_at=:started_at::TIMESTAMP WITH TIME ZONE
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.status IN (... 1);
-- 1 row
-- :status = 'running'
-- :started_at = 2026-03-02 09:00:07Z
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('pending')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'agent_execution'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = record#1
-- :from_status = 'pending'
-- :to_status = 'running'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:08Z
-- :actor_agent_id = agent#1

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
-- :pk_1 = record#1

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
-- :workspace_id_1 = workspace#1
-- :id_1 = record#2

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
-- :workspace_id_1 = workspace#1
-- :id_1 = record#1

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
-- :pk_1 = record#1

SELECT agent_execution.status
FROM agent_execution
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#1
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
-- :output_summary = NULL
-- :result_summary = NULL
-- :completed_at = 2026-03-02 09:00:09Z
-- :duration_seconds = 2
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('running')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#3
-- :workspace_id = workspace#1
-- :record_kind = 'agent_execution'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = record#1
-- :from_status = 'running'
-- :to_status = 'completed'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:10Z
-- :actor_agent_id = agent#1

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
-- :pk_1 = record#1

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
-- :execution_id_1 = record#1
-- :status_1 = ('running', 'paused')

SELECT proposal.status
FROM proposal
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#2
-- :workspace_id_1 = workspace#1

UPDATE proposal
SET status=:status,
    execution_result=:execution_result::JSON,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.status IN (... 1);
-- 1 row
-- :status = 'executed'
-- :execution_result = {"result": {"done": {}}}
-- :completed_at = 2026-03-02 09:00:11Z
-- :id_1 = record#2
-- :workspace_id_1 = workspace#1
-- :status_1 = ('approved')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#5
-- :workspace_id = workspace#1
-- :record_kind = 'proposal'
-- :record_id = record#2
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = record#2
-- :from_status = 'approved'
-- :to_status = 'executed'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:12Z
-- :actor_agent_id = agent#1

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
WHERE proposal.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = record#2

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
  AND blocked_trigger.proposal_id = :proposal_id_1::UUID
  AND blocked_trigger.status != :status_1
ORDER BY blocked_trigger.created_at,
         blocked_trigger.id;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :proposal_id_1 = record#2
-- :status_1 = 'resolved'

SELECT lifecycle_event.id,
       lifecycle_event.workspace_id,
       lifecycle_event.record_kind,
       lifecycle_event.record_id,
       lifecycle_event.sequence,
       lifecycle_event.from_status,
       lifecycle_event.to_status,
       lifecycle_event.actor_id,
       lifecycle_event.reason,
       lifecycle_event.at,
       lifecycle_event.actor_agent_id
FROM lifecycle_event
WHERE lifecycle_event.workspace_id = :workspace_id_1::UUID
  AND lifecycle_event.actor_agent_id = :actor_agent_id_1::UUID
ORDER BY lifecycle_event.at DESC,
         lifecycle_event.sequence DESC,
         lifecycle_event.record_kind COLLATE "C",
                                             lifecycle_event.id
LIMIT :param_1::INTEGER;
-- 5 rows
-- :workspace_id_1 = workspace#1
-- :actor_agent_id_1 = agent#1
-- :param_1 = 100
