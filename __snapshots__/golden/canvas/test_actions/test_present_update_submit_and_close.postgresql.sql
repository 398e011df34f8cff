-- step: present

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

INSERT INTO canvas (id, workspace_id, type, component, content, status, revision, owner_id, agent_id, workflow_execution_id, created_at, updated_at, closed_at)
VALUES (:id::UUID, :workspace_id::UUID, :type::VARCHAR, :component::VARCHAR, :content::JSON, :status, :revision::INTEGER, :owner_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE, :closed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas#1
-- :workspace_id = workspace#1
-- :type = 'form'
-- :component = 'OrderForm'
-- :content = {"n": 1, "old": [1]}
-- :status = 'open'
-- :revision = 1
-- :owner_id = user_account#1
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
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:01Z
-- :actor_agent_id = NULL

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSON, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#1
-- :workspace_id = workspace#1
-- :canvas_id = canvas#1
-- :sequence = 1
-- :action = 'present'
-- :content = {"n": 1, "old": [1]}
-- :user_id = user_account#1
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:00Z

-- step: update

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

SELECT canvas.id,
       canvas.workspace_id,
       canvas.type,
       canvas.component,
       canvas.content,
       canvas.status,
       canvas.revision,
       canvas.owner_id,
       canvas.agent_id,
       canvas.workflow_execution_id,
       canvas.created_at,
       canvas.updated_at,
       canvas.closed_at
FROM canvas
WHERE canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.id = :id_1::UUID
  FOR UPDATE;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = canvas#1

UPDATE canvas
SET content=:content::JSON,
    revision=:revision::INTEGER,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.id = :id_1::UUID
  AND canvas.status = :status_1
  AND canvas.revision = :revision_1::INTEGER;
-- 1 row
-- :content = {"n": 2, "new": {"kept": true}}
-- :revision = 2
-- :updated_at = 2026-03-02 09:00:02Z
-- :workspace_id_1 = workspace#1
-- :id_1 = canvas#1
-- :status_1 = 'open'
-- :revision_1 = 1

SELECT canvas.id,
       canvas.workspace_id,
       canvas.type,
       canvas.component,
       canvas.content,
       canvas.status,
       canvas.revision,
       canvas.owner_id,
       canvas.agent_id,
       canvas.workflow_execution_id,
       canvas.created_at,
       canvas.updated_at,
       canvas.closed_at
FROM canvas
WHERE canvas.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = canvas#1

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSON, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#2
-- :workspace_id = workspace#1
-- :canvas_id = canvas#1
-- :sequence = 2
-- :action = 'update'
-- :content = {"n": 2, "new": {"deep": null, "kept": true}, "old": null}
-- :user_id = user_account#1
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:02Z

-- step: submit

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
-- :id_1 = user_account#2

SELECT canvas.id,
       canvas.workspace_id,
       canvas.type,
       canvas.component,
       canvas.content,
       canvas.status,
       canvas.revision,
       canvas.owner_id,
       canvas.agent_id,
       canvas.workflow_execution_id,
       canvas.created_at,
       canvas.updated_at,
       canvas.closed_at
FROM canvas
WHERE canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.id = :id_1::UUID
  FOR UPDATE;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = canvas#1

UPDATE canvas
SET revision=:revision::INTEGER,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.id = :id_1::UUID
  AND canvas.status = :status_1
  AND canvas.revision = :revision_1::INTEGER;
-- 1 row
-- :revision = 3
-- :updated_at = 2026-03-02 09:00:03Z
-- :workspace_id_1 = workspace#1
-- :id_1 = canvas#1
-- :status_1 = 'open'
-- :revision_1 = 2

SELECT canvas.id,
       canvas.workspace_id,
       canvas.type,
       canvas.component,
       canvas.content,
       canvas.status,
       canvas.revision,
       canvas.owner_id,
       canvas.agent_id,
       canvas.workflow_execution_id,
       canvas.created_at,
       canvas.updated_at,
       canvas.closed_at
FROM canvas
WHERE canvas.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = canvas#1

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSON, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#3
-- :workspace_id = workspace#1
-- :canvas_id = canvas#1
-- :sequence = 3
-- :action = 'submit'
-- :content = {"amount": 12.5}
-- :user_id = user_account#2
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:03Z

-- step: close

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

SELECT canvas.id,
       canvas.workspace_id,
       canvas.type,
       canvas.component,
       canvas.content,
       canvas.status,
       canvas.revision,
       canvas.owner_id,
       canvas.agent_id,
       canvas.workflow_execution_id,
       canvas.created_at,
       canvas.updated_at,
       canvas.closed_at
FROM canvas
WHERE canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.id = :id_1::UUID
  FOR UPDATE;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = canvas#1

SELECT canvas.status
FROM canvas
WHERE canvas.id = :id_1::UUID
  AND canvas.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- 1 row
-- :id_1 = canvas#1
-- :workspace_id_1 = workspace#1

UPDATE canvas
SET status=:status,
    revision=:revision::INTEGER,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE,
                                                closed_at=:closed_at::TIMESTAMP WITH TIME ZONE
WHERE canvas.id = :id_1::UUID
  AND canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.status IN (... 1);
-- 1 row
-- :status = 'closed'
-- :revision = 4
-- :updated_at = 2026-03-02 09:00:04Z
-- :closed_at = 2026-03-02 09:00:04Z
-- :id_1 = canvas#1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('open')

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- 1 row
-- :id = lifecycle_event#2
-- :workspace_id = workspace#1
-- :record_kind = 'canvas'
-- :record_id = canvas#1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'canvas'
-- :record_id_1 = canvas#1
-- :from_status = 'open'
-- :to_status = 'closed'
-- :actor_id = user_account#1
-- :reason = NULL
-- :at = 2026-03-02 09:00:05Z
-- :actor_agent_id = NULL

SELECT canvas.id,
       canvas.workspace_id,
       canvas.type,
       canvas.component,
       canvas.content,
       canvas.status,
       canvas.revision,
       canvas.owner_id,
       canvas.agent_id,
       canvas.workflow_execution_id,
       canvas.created_at,
       canvas.updated_at,
       canvas.closed_at
FROM canvas
WHERE canvas.id = :pk_1::UUID;
-- 1 row
-- :pk_1 = canvas#1

INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSON, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = canvas_audit#4
-- :workspace_id = workspace#1
-- :canvas_id = canvas#1
-- :sequence = 4
-- :action = 'close'
-- :content = NULL
-- :user_id = user_account#1
-- :agent_id = NULL
-- :workflow_execution_id = NULL
-- :step_key = NULL
-- :at = 2026-03-02 09:00:04Z
