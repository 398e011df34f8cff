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
-- :workspace_id_1 = workspace#s1
-- :id_1 = agent#s1

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
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'completed'
-- :category_1 = 'finance'
-- :maturity_level_1 = 'student'
-- :id_1 = agent#s1
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
-- :workspace_id_1 = workspace#s1
-- :agent_id_1 = agent#s1
-- :status_1 = 'completed'

INSERT INTO proposal (id, workspace_id, agent_id, proposal_type, title, description, proposed_action, reasoning, proposer_id, status, reviewer_id, reviewer_agent_id, reviewed_at, review_comments, execution_id, estimated_hours, capability_gaps, expires_at, created_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :proposal_type, :title::VARCHAR, :description::VARCHAR, :proposed_action::JSON, :reasoning::VARCHAR, :proposer_id::UUID, :status, :reviewer_id::UUID, :reviewer_agent_id::UUID, :reviewed_at::TIMESTAMP WITH TIME ZONE, :review_comments::VARCHAR, :execution_id::UUID, :estimated_hours, :capability_gaps::JSON, :expires_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = proposal#s1
-- :workspace_id = workspace#s1
-- :agent_id = agent#s1
-- :proposal_type = 'training'
-- :title = 'Train Sam for send_email'
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
-- :capability_gaps = ["send_email"]
-- :expires_at = 2026-03-09 09:00:00Z
-- :created_at = 2026-03-02 09:00:00Z
-- :completed_at = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#s1
-- :workspace_id = workspace#s1
-- :record_kind = 'proposal'
-- :record_id = proposal#s1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'proposal'
-- :record_id_1 = proposal#s1
-- :from_status = NULL
-- :to_status = 'pending'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:01Z
-- :actor_agent_id = NULL

INSERT INTO blocked_trigger (id, workspace_id, agent_id, maturity_level, confidence_score, trigger_source, trigger_type, trigger_context, routing_decision, block_reason, status, priority, attempts, expires_at, resolved, resolved_at, resolution_outcome, proposal_id, created_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :maturity_level, :confidence_score, :trigger_source, :trigger_type::VARCHAR, :trigger_context::JSON, :routing_decision, :block_reason::VARCHAR, :status, :priority::INTEGER, :attempts::INTEGER, :expires_at::TIMESTAMP WITH TIME ZONE, :resolved, :resolved_at::TIMESTAMP WITH TIME ZONE, :resolution_outcome, :proposal_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = blocked_trigger#s1
-- :workspace_id = workspace#s1
-- :agent_id = agent#s1
-- :maturity_level = 'student'
-- :confidence_score = 0.4
-- :trigger_source = 'schedule'
-- :trigger_type = 'send_email'
-- :trigger_context = {"to": "a@b.example"}
-- :routing_decision = 'training'
-- :block_reason = 'a student learns before it runs on its own'
-- :status = 'waiting'
-- :priority = 0
-- :attempts = 0
-- :expires_at = NULL
-- :resolved = false
-- :resolved_at = NULL
-- :resolution_outcome = NULL
-- :proposal_id = proposal#s1
-- :created_at = 2026-03-02 09:00:02Z

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#s2
-- :workspace_id = workspace#s1
-- :record_kind = 'blocked_trigger'
-- :record_id = blocked_trigger#s1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'blocked_trigger'
-- :record_id_1 = blocked_trigger#s1
-- :from_status = NULL
-- :to_status = 'waiting'
-- :actor_id = NULL
-- :reason = 'a student learns before it runs on its own'
-- :at = 2026-03-02 09:00:03Z
-- :actor_agent_id = NULL
