-- step: schedule

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

INSERT INTO supervision_session (id, workspace_id, agent_id, trigger_id, supervisor_id, trigger_context, status, intervention_count, rating, feedback, confidence_boost, started_at, completed_at, duration_seconds, execution_id)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :trigger_id::UUID, :supervisor_id::UUID, :trigger_context::JSONB, :status, :intervention_count::INTEGER, :rating::INTEGER, :feedback::VARCHAR, :confidence_boost, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds, :execution_id::UUID);
-- 1 row
-- :id = record#1
-- :workspace_id = workspace#1
-- :agent_id = agent#1
-- :trigger_id = NULL
-- :supervisor_id = user_account#1
-- :trigger_context = {"to": "a@b.example"}
-- :status = 'running'
-- :intervention_count = 0
-- :rating = NULL
-- :feedback = NULL
-- :confidence_boost = NULL
-- :started_at = 2026-03-02 09:00:00Z
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
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:01Z
-- :actor_agent_id = NULL
