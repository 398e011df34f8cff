-- step: trigger

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
-- :id_1 = agent#1

SELECT training_session.agent_id,
       sum(training_session.duration_seconds) / CAST(:sum_1 AS FLOAT(53)) AS hours
FROM training_session
JOIN agent ON agent.id = training_session.agent_id
WHERE training_session.workspace_id = :workspace_id_1::UUID
  AND training_session.status = :status_1
  AND training_session.duration_seconds IS NOT NULL
  AND agent.category = :category_1::VARCHAR
  AND agent.maturity_level != :maturity_level_1
  AND agent.id != :id_1::UUID
GROUP BY training_session.agent_id
ORDER BY max(training_session.completed_at) DESC, training_session.agent_id
LIMIT :param_1::INTEGER;
-- 0 rows
-- :sum_1 = 3600
-- :workspace_id_1 = workspace#1
-- :status_1 = 'completed'
-- :category_1 = 'finance'
-- :maturity_level_1 = 'student'
-- :id_1 = agent#1
-- :param_1 = 5

SELECT training_session.performance_score
FROM training_session
WHERE training_session.workspace_id = :workspace_id_1::UUID
  AND training_session.agent_id = :agent_id_1::UUID
  AND training_session.status = :status_1
  AND training_session.performance_score IS NOT NULL
ORDER BY training_session.completed_at,
         training_session.id;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#1
-- :status_1 = 'completed'

INSERT INTO proposal (id, workspace_id, agent_id, proposal_type, title, description, proposed_action, reasoning, proposer_id, status, reviewer_id, reviewer_agent_id, reviewed_at, review_comments, execution_id, estimated_hours, capability_gaps, expires_at, created_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :proposal_type, :title::VARCHAR, :description::VARCHAR, :proposed_action::JSON, :reasoning::VARCHAR, :proposer_id::UUID, :status, :reviewer_id::UUID, :reviewer_agent_id::UUID, :reviewed_at::TIMESTAMP WITH TIME ZONE, :review_comments::VARCHAR, :execution_id::UUID, :estimated_hours, :capability_gaps::JSON, :expires_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = proposal#1
-- :workspace_id = workspace#1
-- :agent_id = agent#1
-- :proposal_type = 'training'
-- :title = 'Train Sam for reconcile'
-- :description = ''
-- :proposed_action = {}
-- :reasoning = 'a student learns before it runs on its own'
-- :proposer_id = NULL
-- :status = 'pending'
-- :reviewer_id = NULL
-- :reviewer_agent_id = NULL
-- :reviewed_at = NULL
-- :review_comments = NULL
-- :execution_id = NULL
-- :estimated_hours = 24
-- :capability_gaps = ["reconcile"]
-- :expires_at = 2026-03-09 09:00:00Z
-- :created_at = 2026-03-02 09:00:00Z
-- :completed_at = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'proposal'
-- :record_id = proposal#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = proposal#1
-- :from_status = NULL
-- :to_status = 'pending'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:01Z
-- :actor_agent_id = NULL

INSERT INTO blocked_trigger (id, workspace_id, agent_id, maturity_level, confidence_score, trigger_source, trigger_type, trigger_context, routing_decision, block_reason, status, priority, attempts, expires_at, resolved, resolved_at, resolution_outcome, proposal_id, created_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :maturity_level, :confidence_score, :trigger_source, :trigger_type::VARCHAR, :trigger_context::JSON, :routing_decision, :block_reason::VARCHAR, :status, :priority::INTEGER, :attempts::INTEGER, :expires_at::TIMESTAMP WITH TIME ZONE, :resolved, :resolved_at::TIMESTAMP WITH TIME ZONE, :resolution_outcome, :proposal_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = blocked_trigger#1
-- :workspace_id = workspace#1
-- :agent_id = agent#1
-- :maturity_level = 'student'
-- :confidence_score = 0.4
-- :trigger_source = 'schedule'
-- :trigger_type = 'reconcile'
-- :trigger_context = {"month": "2026-02"}
-- :routing_decision = 'training'
-- :block_reason = 'a student learns before it runs on its own'
-- :status = 'waiting'
-- :priority = 0
-- :attempts = 0
-- :expires_at = NULL
-- :resolved = false
-- :resolved_at = NULL
-- :resolution_outcome = NULL
-- :proposal_id = proposal#1
-- :created_at = 2026-03-02 09:00:02Z

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
-- :from_status = NULL
-- :to_status = 'waiting'
-- :actor_id = NULL
-- :reason = 'a student learns before it runs on its own'
-- :at = 2026-03-02 09:00:03Z
-- :actor_agent_id = NULL

-- step: approve

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
    reviewer_id=:reviewer_id::UUID,
    reviewed_at=:reviewed_at::TIMESTAMP WITH TIME ZONE,
                                                  review_comments=:review_comments::VARCHAR
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.status IN (... 1);
-- 1 row
-- :status = 'approved'
-- :reviewer_id = user_account#1
-- :reviewed_at = 2026-03-02 09:00:05Z
-- :review_comments = 'go'
-- :id_1 = proposal#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('pending')

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
-- :from_status = 'pending'
-- :to_status = 'approved'
-- :actor_id = user_account#1
-- :reason = 'go'
-- :at = 2026-03-02 09:00:06Z
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

INSERT INTO training_session (id, workspace_id, proposal_id, agent_id, supervisor_id, status, tasks_completed, tasks_total, errors_count, performance_score, confidence_boost, promoted, capabilities_developed, capability_gaps_remaining, supervisor_feedback, planned_hours, hours_per_day, created_at, scheduled_at, scheduled_end_at, started_at, completed_at, duration_seconds)
VALUES (:id::UUID, :workspace_id::UUID, :proposal_id::UUID, :agent_id::UUID, :supervisor_id::UUID, :status, :tasks_completed::INTEGER, :tasks_total::INTEGER, :errors_count::INTEGER, :performance_score, :confidence_boost, :promoted, :capabilities_developed::JSON, :capability_gaps_remaining::JSON, :supervisor_feedback::VARCHAR, :planned_hours, :hours_per_day, :created_at::TIMESTAMP WITH TIME ZONE, :scheduled_at::TIMESTAMP WITH TIME ZONE, :scheduled_end_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds);
-- 1 row
-- :id = record#1
-- :workspace_id = workspace#1
-- :proposal_id = proposal#1
-- :agent_id = agent#1
-- :supervisor_id = user_account#1
-- :status = 'scheduled'
-- :tasks_completed = 0
-- :tasks_total = 0
-- :errors_count = 0
-- :performance_score = NULL
-- :confidence_boost = NULL
-- :promoted = false
-- :capabilities_developed = []
-- :capability_gaps_remaining = ["reconcile"]
-- :supervisor_feedback = NULL
-- :planned_hours = 24
-- :hours_per_day = 8
-- :created_at = 2026-03-02 09:00:05Z
-- :scheduled_at = 2026-03-02 09:00:05Z
-- :scheduled_end_at = 2026-03-05 09:00:05Z
-- :started_at = NULL
-- :completed_at = NULL
-- :duration_seconds = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#4
-- :workspace_id = workspace#1
-- :record_kind = 'training_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'training_session'
-- :record_id_1 = record#1
-- :from_status = NULL
-- :to_status = 'scheduled'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:07Z
-- :actor_agent_id = NULL

-- step: start

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

SELECT training_session.status
FROM training_session
WHERE training_session.id = :id_1::UUID
  AND training_session.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1

UPDATE training_session
SET status=:status,
    started_at=:started_at::TIMESTAMP WITH TIME ZONE
WHERE training_session.id = :id_1::UUID
  AND training_session.workspace_id = :workspace_id_1::UUID
  AND training_session.status IN (... 1);
-- 1 row
-- :status = 'in_progress'
-- :started_at = 2026-03-02 09:00:08Z
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('scheduled')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#5
-- :workspace_id = workspace#1
-- :record_kind = 'training_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'training_session'
-- :record_id_1 = record#1
-- :from_status = 'scheduled'
-- :to_status = 'in_progress'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:09Z
-- :actor_agent_id = NULL

SELECT training_session.id,
       training_session.workspace_id,
       training_session.proposal_id,
       training_session.agent_id,
       training_session.supervisor_id,
       training_session.status,
       training_session.tasks_completed,
       training_session.tasks_total,
       training_session.errors_count,
       training_session.performance_score,
       training_session.confidence_boost,
       training_session.promoted,
       training_session.capabilities_developed,
       training_session.capability_gaps_remaining,
       training_session.supervisor_feedback,
       training_session.planned_hours,
       training_session.hours_per_day,
       training_session.created_at,
       training_session.scheduled_at,
       training_session.scheduled_end_at,
       training_session.started_at,
       training_session.completed_at,
       training_session.duration_seconds
FROM training_session
WHERE training_session.id = :pk_1::UUID;
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
-- 1 row
-- :workspace_id_1 = workspace#1
-- :status_1 = 'active'
-- :id_1 = user_account#1

SELECT training_session.status
FROM training_session
WHERE training_session.id = :id_1::UUID
  AND training_session.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1

UPDATE training_session
SET status=:status,
    tasks_completed=:tasks_completed::INTEGER,
    tasks_total=:tasks_total::INTEGER,
    errors_count=:errors_count::INTEGER,
    performance_score=:performance_score,
    confidence_boost=:confidence_boost,
    capabilities_developed=:capabilities_developed::JSON,
    capability_gaps_remaining=:capability_gaps_remaining::JSON,
    supervisor_feedback=:supervisor_feedback::VARCHAR,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE
WHERE training_session.id = :id_1::UUID
  AND training_session.workspace_id = :workspace_id_1::UUID
  AND training_session.status IN (... 1);
-- 1 row
-- :status = 'completed'
-- :tasks_completed = 9
-- :tasks_total = 10
-- :errors_count = 2
-- :performance_score = 0.65
-- :confidence_boost = 0.15
-- :capabilities_developed = ["reconcile"]
-- :capability_gaps_remaining = ["close"]
-- :supervisor_feedback = 'careful, but slow'
-- :completed_at = 2026-03-02 15:00:10Z
-- :id_1 = record#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('in_progress')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#9
-- :workspace_id = workspace#1
-- :record_kind = 'training_session'
-- :record_id = record#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'training_session'
-- :record_id_1 = record#1
-- :from_status = 'in_progress'
-- :to_status = 'completed'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 15:00:11Z
-- :actor_agent_id = NULL

SELECT training_session.id,
       training_session.workspace_id,
       training_session.proposal_id,
       training_session.agent_id,
       training_session.supervisor_id,
       training_session.status,
       training_session.tasks_completed,
       training_session.tasks_total,
       training_session.errors_count,
       training_session.performance_score,
       training_session.confidence_boost,
       training_session.promoted,
       training_session.capabilities_developed,
       training_session.capability_gaps_remaining,
       training_session.supervisor_feedback,
       training_session.planned_hours,
       training_session.hours_per_day,
       training_session.created_at,
       training_session.scheduled_at,
       training_session.scheduled_end_at,
       training_session.started_at,
       training_session.completed_at,
       training_session.duration_seconds
FROM training_session
WHERE training_session.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = record#1

UPDATE training_session
SET duration_seconds=:duration_seconds
WHERE training_session.id = :training_session_id::UUID;
-- 1 row
-- :duration_seconds = 21602
-- :training_session_id = record#1

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
  AND proposal.id = :id_1::UUID;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = proposal#1

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
    execution_result=:execution_result::JSON,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  AND proposal.status IN (... 1);
-- 1 row
-- :status = 'executed'
-- :execution_result = {"boost": 0.15, "score": 0.65}
-- :completed_at = 2026-03-02 15:00:12Z
-- :id_1 = proposal#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('approved')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#8
-- :workspace_id = workspace#1
-- :record_kind = 'proposal'
-- :record_id = proposal#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = proposal#1
-- :from_status = 'approved'
-- :to_status = 'executed'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 15:00:13Z
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
-- :resolved_at = 2026-03-02 15:00:14Z
-- :resolution_outcome = 'trained'
-- :id_1 = blocked_trigger#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('waiting', 'in_progress')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#7
-- :workspace_id = workspace#1
-- :record_kind = 'blocked_trigger'
-- :record_id = blocked_trigger#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'blocked_trigger'
-- :record_id_1 = blocked_trigger#1
-- :from_status = 'waiting'
-- :to_status = 'resolved'
-- :actor_id = user_account#1
-- :reason = 'trained'
-- :at = 2026-03-02 15:00:15Z
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
-- :maturity_level = 'intern'
-- :confidence_score = 0.55
-- :updated_at = 2026-03-02 15:00:16Z
-- :id_1 = agent#1
-- :workspace_id_1 = workspace#1
-- :maturity_level_1 = ('student', 'supervised', 'autonomous')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#6
-- :workspace_id = workspace#1
-- :record_kind = 'agent.maturity'
-- :record_id = agent#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent.maturity'
-- :record_id_1 = agent#1
-- :from_status = 'student'
-- :to_status = 'intern'
-- :actor_id = user_account#1
-- :reason = 'training completed with a score of 0.65'
-- :at = 2026-03-02 15:00:17Z
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

UPDATE training_session
SET promoted=:promoted
WHERE training_session.id = :training_session_id::UUID;
-- 1 row
-- :promoted = true
-- :training_session_id = record#1

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
