-- step: register

SELECT workspace.id
FROM workspace
WHERE workspace.id = :id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = workspace#1

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
  AND agent.category = :category_1::VARCHAR
  AND agent.module_path = :module_path_1::VARCHAR
  AND agent.class_name = :class_name_1::VARCHAR;
-- 0 rows
-- :workspace_id_1 = workspace#1
-- :category_1 = 'finance'
-- :module_path_1 = 'agents'
-- :class_name_1 = 'New'

INSERT INTO agent (id, workspace_id, name, description, category, module_path, class_name, maturity_level, status, confidence_score, capabilities, owner_id, created_at, updated_at)
VALUES (:id::UUID, :workspace_id::UUID, :name::VARCHAR, :description::VARCHAR, :category::VARCHAR, :module_path::VARCHAR, :class_name::VARCHAR, :maturity_level, :status, :confidence_score, :capabilities::JSON, :owner_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = agent#1
-- :workspace_id = workspace#1
-- :name = 'New'
-- :description = ''
-- :category = 'finance'
-- :module_path = 'agents'
-- :class_name = 'New'
-- :maturity_level = 'student'
-- :status = 'active'
-- :confidence_score = 0.4
-- :capabilities = []
-- :owner_id = NULL
-- :created_at = 2026-03-02 09:00:00Z
-- :updated_at = 2026-03-02 09:00:00Z

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- x 2: 1 row each
-- :id = lifecycle_event#1, lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'agent', 'agent.maturity'
-- :record_id = agent#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent', 'agent.maturity'
-- :record_id_1 = agent#1
-- :from_status = NULL
-- :to_status = 'active', 'student'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:01Z, 2026-03-02 09:00:02Z
-- :actor_agent_id = NULL
