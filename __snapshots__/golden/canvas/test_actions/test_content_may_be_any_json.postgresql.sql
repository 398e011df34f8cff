-- step: present None

INSERT INTO canvas (id, workspace_id, type, component, content, status, revision, owner_id, agent_id, workflow_execution_id, created_at, updated_at, closed_at)
VALUES (:id::UUID, :workspace_id::UUID, :type::VARCHAR, :component::VARCHAR, :content::JSONB, :status, :revision::INTEGER, :owner_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE, :closed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas#1
-- :workspace_id = workspace#1
-- :type = 'chart'
-- :component = NULL
-- :content = NULL
-- :status = 'open'
-- :revision = 1
-- :owner_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :created_at = 2026-03-02 09:00:00Z
-- :updated_at = 2026-03-02 09:00:00Z
-- :closed_at = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#1
-- :workspace_id = workspace#1
-- :record_kind = 'canvas'
-- :record_id = canvas#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'canvas'
-- :record_id_1 = canvas#1
-- :from_status = NULL
-- :to_status = 'open'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:01Z
-- :actor_agent_id = NULL

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#1
-- :workspace_id = workspace#1
-- :canvas_id = canvas#1
-- :sequence = 1
-- :action = 'present'
-- :content = NULL
-- :user_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:00Z

-- step: present [1, 'two', None]

INSERT INTO canvas (id, workspace_id, type, component, content, status, revision, owner_id, agent_id, workflow_execution_id, created_at, updated_at, closed_at)
VALUES (:id::UUID, :workspace_id::UUID, :type::VARCHAR, :component::VARCHAR, :content::JSONB, :status, :revision::INTEGER, :owner_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE, :closed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas#2
-- :workspace_id = workspace#1
-- :type = 'chart'
-- :component = NULL
-- :content = [1, "two", null]
-- :status = 'open'
-- :revision = 1
-- :owner_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :created_at = 2026-03-02 09:00:02Z
-- :updated_at = 2026-03-02 09:00:02Z
-- :closed_at = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'canvas'
-- :record_id = canvas#2
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'canvas'
-- :record_id_1 = canvas#2
-- :from_status = NULL
-- :to_status = 'open'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:03Z
-- :actor_agent_id = NULL

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#2
-- :workspace_id = workspace#1
-- :canvas_id = canvas#2
-- :sequence = 1
-- :action = 'present'
-- :content = [1, "two", null]
-- :user_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:02Z

-- step: present 'text'

INSERT INTO canvas (id, workspace_id, type, component, content, status, revision, owner_id, agent_id, workflow_execution_id, created_at, updated_at, closed_at)
VALUES (:id::UUID, :workspace_id::UUID, :type::VARCHAR, :component::VARCHAR, :content::JSONB, :status, :revision::INTEGER, :owner_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE, :closed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas#3
-- :workspace_id = workspace#1
-- :type = 'chart'
-- :component = NULL
-- :content = 'text'
-- :status = 'open'
-- :revision = 1
-- :owner_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :created_at = 2026-03-02 09:00:04Z
-- :updated_at = 2026-03-02 09:00:04Z
-- :closed_at = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#3
-- :workspace_id = workspace#1
-- :record_kind = 'canvas'
-- :record_id = canvas#3
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'canvas'
-- :record_id_1 = canvas#3
-- :from_status = NULL
-- :to_status = 'open'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:05Z
-- :actor_agent_id = NULL

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#3
-- :workspace_id = workspace#1
-- :canvas_id = canvas#3
-- :sequence = 1
-- :action = 'present'
-- :content = 'text'
-- :user_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:04Z

-- step: present 7.5

INSERT INTO canvas (id, workspace_id, type, component, content, status, revision, owner_id, agent_id, workflow_execution_id, created_at, updated_at, closed_at)
VALUES (:id::UUID, :workspace_id::UUID, :type::VARCHAR, :component::VARCHAR, :content::JSONB, :status, :revision::INTEGER, :owner_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE, :closed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas#4
-- :workspace_id = workspace#1
-- :type = 'chart'
-- :component = NULL
-- :content = 7.5
-- :status = 'open'
-- :revision = 1
-- :owner_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :created_at = 2026-03-02 09:00:06Z
-- :updated_at = 2026-03-02 09:00:06Z
-- :closed_at = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#4
-- :workspace_id = workspace#1
-- :record_kind = 'canvas'
-- :record_id = canvas#4
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'canvas'
-- :record_id_1 = canvas#4
-- :from_status = NULL
-- :to_status = 'open'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:07Z
-- :actor_agent_id = NULL

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#4
-- :workspace_id = workspace#1
-- :canvas_id = canvas#4
-- :sequence = 1
-- :action = 'present'
-- :content = 7.5
-- :user_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:06Z

-- step: present False

INSERT INTO canvas (id, workspace_id, type, component, content, status, revision, owner_id, agent_id, workflow_execution_id, created_at, updated_at, closed_at)
VALUES (:id::UUID, :workspace_id::UUID, :type::VARCHAR, :component::VARCHAR, :content::JSONB, :status, :revision::INTEGER, :owner_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE, :closed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas#5
-- :workspace_id = workspace#1
-- :type = 'chart'
-- :component = NULL
-- :content = false
-- :status = 'open'
-- :revision = 1
-- :owner_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :created_at = 2026-03-02 09:00:08Z
-- :updated_at = 2026-03-02 09:00:08Z
-- :closed_at = NULL

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#5
-- :workspace_id = workspace#1
-- :record_kind = 'canvas'
-- :record_id = canvas#5
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'canvas'
-- :record_id_1 = canvas#5
-- :from_status = NULL
-- :to_status = 'open'
-- :actor_id = NULL
-- :reason = NULL
-- :at = 2026-03-02 09:00:09Z
-- :actor_agent_id = NULL

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#5
-- :workspace_id = workspace#1
-- :canvas_id = canvas#5
-- :sequence = 1
-- :action = 'present'
-- :content = false
-- :user_id = NULL
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:08Z
