-- step: take

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
-- :id_1 = proposal#1

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
-- :id_1 = agent_execution#1

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
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE,
                                                    duration_seconds=:duration_seconds
WHERE agent_execution.id = :id_1::UUID
  AND agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.status IN (... 3);
-- 1 row
-- :status = 'cancelled'
-- :completed_at = 2026-03-02 09:00:11Z
-- :duration_seconds = NULL
-- :id_1 = agent_execution#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('pending', 'running', 'paused')

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
-- :from_status = 'pending'
-- :to_status = 'cancelled'
-- :actor_id = NULL
-- :reason = 'the agent is paused'
-- :at = 2026-03-02 09:00:12Z
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

SELECT proposal.status
FROM proposal
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = proposal#1
-- :workspace_id_1 = workspace#1

UPDATE proposal
SET status=:status,
    execution_result=:execution_result::JSONB,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.status IN (... 1);
-- 1 row
-- :status = 'execution_failed'
-- :execution_result = {"error": "the agent is paused", "error_type": "RefusedError"}
-- :completed_at = 2026-03-02 09:00:13Z
-- :id_1 = proposal#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('approved')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#3
-- :workspace_id = workspace#1
-- :record_kind = 'proposal'
-- :record_id = proposal#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = proposal#1
-- :from_status = 'approved'
-- :to_status = 'execution_failed'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:14Z
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
WHERE proposal.id = :pk_1::UUID;
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
WHERE blocked_trigger.workspace_id = :workspace_id_1::UUID
  AND blocked_trigger.proposal_id = :proposal_id_1::UUID
  AND blocked_trigger.status != :status_1
ORDER BY blocked_trigger.created_at,
         blocked_trigger.id;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :proposal_id_1 = proposal#1
-- :status_1 = 'resolved'

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
-- :resolved_at = 2026-03-02 09:00:15Z
-- :resolution_outcome = 'failed'
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('waiting', 'in_progress')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#2
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
-- :reason = 'failed'
-- :at = 2026-03-02 09:00:16Z
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
