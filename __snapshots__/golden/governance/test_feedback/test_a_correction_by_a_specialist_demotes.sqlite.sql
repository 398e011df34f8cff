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
WHERE agent.workspace_id = :workspace_id_1
  AND agent.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1

UPDATE agent
SET confidence_score=:confidence_score,
    updated_at=:updated_at
WHERE agent.id = :agent_id;
-- 1 row
-- :confidence_score = 0.75
-- :updated_at = 2026-03-02 09:00:00Z
-- :agent_id = agent#1

-- step: correct

SELECT user_account.id,
       user_account.email,
       user_account.name,
       user_account.role,
       user_account.specialty
FROM user_account
JOIN workspace_member ON workspace_member.user_id = user_account.id
WHERE workspace_member.workspace_id = :workspace_id_1
  AND workspace_member.status = :status_1
  AND user_account.id = :id_1;
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
WHERE agent.workspace_id = :workspace_id_1
  AND agent.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1

INSERT INTO agent_feedback (id, workspace_id, agent_id, execution_id, user_id, rating, original_output, user_correction, input_context, status, confidence_change, created_at, adjudicated_at, adjudicator_id, comment, category)
VALUES (:id, :workspace_id, :agent_id, :execution_id, :user_id, :rating, :original_output, :user_correction, :input_context, :status, :confidence_change, :created_at, :adjudicated_at, :adjudicator_id, :comment, :category);
-- 1 row
-- :id = agent_feedback#1
-- :workspace_id = workspace#1
-- :agent_id = agent#1
-- :execution_id = NULL
-- :user_id = user_account#1
-- :rating = NULL
-- :original_output = '12.04'
-- :user_correction = 'it was 12.40'
-- :input_context = 'invoice 7'
-- :status = 'accepted'
-- :confidence_change = 0
-- :created_at = 2026-03-02 09:00:01Z
-- :adjudicated_at = 2026-03-02 09:00:01Z
-- :adjudicator_id = user_account#1
-- :comment = NULL
-- :category = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id, :workspace_id, :record_kind, :record_id, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1) + :coalesce_2 AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1 AND lifecycle_event.record_id = :record_id_1), :from_status, :to_status, :actor_id, :reason, :at, :actor_agent_id);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'agent_feedback'
-- :record_id = agent_feedback#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent_feedback'
-- :record_id_1 = agent_feedback#1
-- :from_status = NULL
-- :to_status = 'accepted'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:02Z
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
WHERE agent.workspace_id = :workspace_id_1
  AND agent.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1

SELECT agent.maturity_level
FROM agent
WHERE agent.id = :id_1
  AND agent.workspace_id = :workspace_id_1;
-- 1 row
-- :id_1 = agent#1
-- :workspace_id_1 = workspace#1

UPDATE agent
SET maturity_level=:maturity_level,
    confidence_score=:confidence_score,
    updated_at=:updated_at
WHERE agent.id = :id_1
  AND agent.workspace_id = :workspace_id_1
  AND agent.maturity_level IN (... 3);
-- 1 row
-- :maturity_level = 'intern'
-- :confidence_score = 0.65
-- :updated_at = 2026-03-02 09:00:03Z
-- :id_1 = agent#1
-- :workspace_id_1 = workspace#1
-- :maturity_level_1 = ('student', 'supervised', 'autonomous')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id, :workspace_id, :record_kind, :record_id, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1) + :coalesce_2 AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1 AND lifecycle_event.record_id = :record_id_1), :from_status, :to_status, :actor_id, :reason, :at, :actor_agent_id);
-- 1 row
-- :id = lifecycle_event#1
-- :workspace_id = workspace#1
-- :record_kind = 'agent.maturity'
-- :record_id = agent#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent.maturity'
-- :record_id_1 = agent#1
-- :from_status = 'supervised'
-- :to_status = 'intern'
-- :actor_id = user_account#1
-- :reason = 'feedback accepted'
-- :at = 2026-03-02 09:00:04Z
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
WHERE agent.id = :pk_1;
-- 1 row
-- :pk_1 = agent#1

UPDATE agent_feedback
SET confidence_change=:confidence_change
WHERE agent_feedback.id = :agent_feedback_id;
-- 1 row
-- :confidence_change = -0.1
-- :agent_feedback_id = agent_feedback#1

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
WHERE agent.workspace_id = :workspace_id_1
  AND agent.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1
