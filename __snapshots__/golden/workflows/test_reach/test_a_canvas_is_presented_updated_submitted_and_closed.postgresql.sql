BEGIN;

  SELECT workflow.id,
         workflow.workspace_id,
         workflow.name,
         workflow.description,
         workflow.latest_version,
         workflow.created_by,
         workflow.created_at,
         workflow.updated_at
  FROM workflow
  WHERE workflow.workspace_id = :workspace_id_1::UUID
    AND workflow.name = :name_1::VARCHAR
    FOR NO KEY UPDATE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :name_1 = 'canvas'

  INSERT INTO workflow (id, workspace_id, name, description, latest_version, created_by, created_at, updated_at)
  VALUES (:id::UUID, :workspace_id::UUID, :name::VARCHAR, :description::VARCHAR, :latest_version::INTEGER, :created_by::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow#s1
  -- :workspace_id = workspace#1
  -- :name = 'canvas'
  -- :description = ''
  -- :latest_version = 1
  -- :created_by = NULL
  -- :created_at = 2026-03-02 09:00:00Z
  -- :updated_at = 2026-03-02 09:00:00Z

  INSERT INTO workflow_version (id, workspace_id, workflow_id, version, definition, digest, created_by, created_at)
  VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version::INTEGER, :definition::JSONB, :digest::VARCHAR, :created_by::UUID, :created_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow_version#s1
  -- :workspace_id = workspace#1
  -- :workflow_id = workflow#s1
  -- :version = 1
  -- :definition = {"name": "canvas", "outputs": {"content": "${steps.send.output.content}", "late": "${steps.late.error.type}"}, "steps": [{"action": "present", "component": "order", "content": {"items": 1, "note": "x"}, "key": "show", "kind": "canvas", "save": {"id": "${output.canvas_id}"}, "type": "form"}, {"action": "update", "canvas": "${vars.id}", "content": {"items": 2, "note": null}, "depends_on": ["show"], "key": "change", "kind": "canvas"}, {"action": "submit", "canvas": "${vars.id}", "content": {"ok": true}, "depends_on": ["change"], "key": "send", "kind": "canvas"}, {"action": "close", "canvas": "${vars.id}", "depends_on": ["send"], "key": "close", "kind": "canvas"}, {"action": "update", "canvas": "${vars.id}", "content": {}, "continue_on_error": true, "depends_on": ["close"], "key": "late", "kind": "canvas"}], "vars": {"id": null}}
  -- :digest = 'd6859bb317aa7806150ff7d689e5ac7bb267cd2ad9b843c5d11693330d340a75'
  -- :created_by = NULL
  -- :created_at = 2026-03-02 09:00:01Z

  INSERT INTO workflow_step (id, workspace_id, version_id, position, key, kind, name, parameters, depends_on, retry_policy, continue_on_error, compensation)
  VALUES (:id::UUID, :workspace_id::UUID, :version_id::UUID, :position::INTEGER, :key::VARCHAR, :kind, :name::VARCHAR, :parameters::JSONB, :depends_on::JSONB, :retry_policy::JSONB, :continue_on_error, :compensation::JSONB);
  -- x 5: 5 rows
  -- :id = workflow_step#s1, workflow_step#s2, workflow_step#s3, workflow_step#s4, workflow_step#s5
  -- :workspace_id = workspace#1
  -- :version_id = workflow_version#s1
  -- :position = 0, 1, 2, 3, 4
  -- :key = 'show', 'change', 'send', 'close', 'late'
  -- :kind = 'canvas'
  -- :name = ''
  -- :parameters = {"canvas": null, "component": "order", "content": {"items": 1, "note": "x"}, "type": "form"}, {"canvas": "${vars.id}", "component": null, "content": {"items": 2, "note": null}, "type": null}, {"canvas": "${vars.id}", "component": null, "content": {"ok": true}, "type": null}, {"canvas": "${vars.id}", "component": null, "content": null, "type": null}, {"canvas": "${vars.id}", "component": null, "content": {}, "type": null}
  -- :depends_on = [], ["show"], ["change"], ["send"], ["close"]
  -- :retry_policy = {"attempts": 1, "delay": 1.0, "factor": 2.0, "max_delay": 300.0, "on": []}
  -- :continue_on_error = false, false, false, false, true
  -- :compensation = NULL

  SELECT workflow_version.id,
         workflow_version.workspace_id,
         workflow_version.workflow_id,
         workflow_version.version,
         workflow_version.definition,
         workflow_version.digest,
         workflow_version.created_by,
         workflow_version.created_at
  FROM workflow_version
  JOIN workflow ON workflow_version.workflow_id = workflow.id
  WHERE workflow.workspace_id = :workspace_id_1::UUID
    AND workflow.name = :name_1::VARCHAR
    AND workflow_version.version = workflow.latest_version;
  -- 1 row
  -- :workspace_id_1 = workspace#1
  -- :name_1 = 'canvas'

  SELECT workflow_version.definition
  FROM workflow_version
  WHERE workflow_version.id = :id_1::UUID;
  -- 1 row
  -- :id_1 = workflow_version#s1

  INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, error_type, error_message, failed_step, pause_reason, user_id, agent_id, parent_execution_id, depth, replay_of_id, debugged, open_steps, log_sequence, wake_at, deadline_at, lock_version, created_at, started_at, completed_at, duration_seconds)
  VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSONB, :variables::JSONB, :error_type::VARCHAR, :error_message::VARCHAR, :failed_step::VARCHAR, :pause_reason::VARCHAR, :user_id::UUID, :agent_id::UUID, :parent_execution_id::UUID, :depth::INTEGER, :replay_of_id::UUID, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :deadline_at::TIMESTAMP WITH TIME ZONE, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds);
  -- 1 row
  -- :id = workflow_execution#1
  -- :workspace_id = workspace#1
  -- :workflow_id = workflow#s1
  -- :version_id = workflow_version#s1
  -- :status = 'pending'
  -- :triggered_by = 'manual'
  -- :input_data = {}
  -- :variables = {}
  -- :error_type = NULL
  -- :error_message = NULL
  -- :failed_step = NULL
  -- :pause_reason = NULL
  -- :user_id = user_account#1
  -- :agent_id = NULL
  -- :parent_execution_id = NULL
  -- :depth = 0
  -- :replay_of_id = NULL
  -- :debugged = false
  -- :open_steps = 0
  -- :log_sequence = 1
  -- :wake_at = 2026-03-02 09:00:02Z
  -- :deadline_at = NULL
  -- :lock_version = 1
  -- :created_at = 2026-03-02 09:00:02Z
  -- :started_at = NULL
  -- :completed_at = NULL
  -- :duration_seconds = NULL

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = lifecycle_event#s1
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_execution'
  -- :record_id = workflow_execution#1
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :record_kind_1 = 'workflow_execution'
  -- :record_id_1 = workflow_execution#1
  -- :from_status = NULL
  -- :to_status = 'pending'
  -- :actor_id = user_account#1
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:03Z

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSONB, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow_execution_log#s1
  -- :workspace_id = workspace#1
  -- :execution_id = workflow_execution#1
  -- :sequence = 1
  -- :level = 'info'
  -- :event = 'execution_created'
  -- :message = 'canvas version 1 is to run'
  -- :step_key = NULL
  -- :context = {}
  -- :timestamp = 2026-03-02 09:00:02Z

  -- step: run

  SELECT workflow_execution.id,
         workflow_execution.workspace_id,
         workflow_execution.workflow_id,
         workflow_execution.version_id,
         workflow_execution.status,
         workflow_execution.triggered_by,
         workflow_execution.input_data,
         workflow_execution.variables,
         workflow_execution.outputs,
         workflow_execution.error_type,
         workflow_execution.error_message,
         workflow_execution.failed_step,
         workflow_execution.pause_reason,
         workflow_execution.user_id,
         workflow_execution.agent_id,
         workflow_execution.parent_execution_id,
         workflow_execution.depth,
         workflow_execution.debugged,
         workflow_execution.open_steps,
         workflow_execution.log_sequence,
         workflow_execution.wake_at,
         workflow_execution.deadline_at,
         workflow_execution.lock_version,
         workflow_execution.created_at,
         workflow_execution.started_at,
         workflow_execution.completed_at,
         workflow_execution.duration_seconds
  FROM workflow_execution
  WHERE workflow_execution.id = :execution_id::UUID
    FOR NO KEY UPDATE;
  -- 1 row
  -- :execution_id = workflow_execution#1

  SELECT workflow_step_execution.step_key,
         workflow_step_execution.status,
         workflow_step_execution.outcome,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key IN (:step_key_1_1::VARCHAR,
                                             :step_key_1_2::VARCHAR)
    AND workflow_step_execution.role = :role_1
    AND (workflow_step_execution.status NOT IN (... 2))
  ORDER BY workflow_step_execution.step_key,
           workflow_step_execution.attempt;
  -- 0 rows
  -- :execution_id_1 = workflow_execution#1
  -- :role_1 = 'step'
  -- :status_1 = ('pending', 'running')

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, wake_at, created_at, ready_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#1
  -- :workspace_id = workspace#1
  -- :execution_id = workflow_execution#1
  -- :step_key = 'show'
  -- :kind = 'canvas'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 0
  -- :status = 'pending'
  -- :remaining = 0
  -- :taken = 0
  -- :idempotency_key = 'workflow_execution#1:show'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :completed_at = NULL

  SELECT workflow_step_execution.id,
         workflow_step_execution.workspace_id,
         workflow_step_execution.execution_id,
         workflow_step_execution.step_key,
         workflow_step_execution.kind,
         workflow_step_execution.role,
         workflow_step_execution.item,
         workflow_step_execution.attempt,
         workflow_step_execution.position,
         workflow_step_execution.status,
         workflow_step_execution.remaining,
         workflow_step_execution.taken,
         workflow_step_execution.outcome,
         workflow_step_execution.scope,
         workflow_step_execution.input,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message,
         workflow_step_execution.idempotency_key,
         workflow_step_execution.lease_token,
         workflow_step_execution.lease_until,
         workflow_step_execution.deliveries,
         workflow_step_execution.wake_at,
         workflow_step_execution.child_execution_id,
         workflow_step_execution.agent_execution_id,
         workflow_step_execution.started_at,
         workflow_step_execution.completed_at,
         workflow_step_execution.duration_seconds
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id::UUID
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining = :remaining_1::INTEGER
    AND (workflow_step_execution.wake_at IS NULL
         OR workflow_step_execution.wake_at <= :now::TIMESTAMP WITH TIME ZONE)
  ORDER BY workflow_step_execution.position,
           workflow_step_execution.item,
           workflow_step_execution.id
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :execution_id = workflow_execution#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:05Z
  -- :param_1 = 2

  SAVEPOINT;

    SAVEPOINT sa_savepoint_1;

    INSERT INTO canvas (id, workspace_id, type, component, content, status, revision, owner_id, agent_id, workflow_execution_id, created_at, updated_at, closed_at)
    VALUES (:id::UUID, :workspace_id::UUID, :type::VARCHAR, :component::VARCHAR, :content::JSONB, :status, :revision::INTEGER, :owner_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE, :closed_at::TIMESTAMP WITH TIME ZONE);
    -- 1 row
    -- :id = canvas#1
    -- :workspace_id = workspace#1
    -- :type = 'form'
    -- :component = 'order'
    -- :content = {"items": 1, "note": "x"}
    -- :status = 'open'
    -- :revision = 1
    -- :owner_id = user_account#1
    -- :agent_id = NULL
    -- :workflow_execution_id = workflow_execution#1
    -- :created_at = 2026-03-02 09:00:06Z
    -- :updated_at = 2026-03-02 09:00:06Z
    -- :closed_at = NULL

    INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at)
    VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
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
    -- :at = 2026-03-02 09:00:07Z

    INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, user_id, agent_id, workflow_execution_id, step_key, at)
    VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
    -- 1 row
    -- :id = canvas_audit#1
    -- :workspace_id = workspace#1
    -- :canvas_id = canvas#1
    -- :sequence = 1
    -- :action = 'present'
    -- :content = {"items": 1, "note": "x"}
    -- :user_id = user_account#1
    -- :agent_id = NULL
    -- :workflow_execution_id = workflow_execution#1
    -- :step_key = 'show'
    -- :at = 2026-03-02 09:00:06Z

  RELEASE SAVEPOINT;

  RELEASE SAVEPOINT sa_savepoint_1;

  UPDATE workflow_step_execution
  SET status=:status,
      input=:new_input::JSONB,
            wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                      started_at=:new_started_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'running'
  -- :new_input = {"canvas": null, "component": "order", "content": {"items": 1, "note": "x"}, "type": "form"}
  -- :new_wake_at = NULL
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :of_id = record#1
  -- :of_workspace = workspace#1
  -- :status_1 = ('pending', 'waiting')

  UPDATE workflow_step_execution
  SET status=:status,
      remaining=:new_remaining::INTEGER,
      outcome=:new_outcome::VARCHAR,
      output=:new_output::JSONB,
             lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                               wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                         completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                             duration_seconds=:new_duration_seconds
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'completed'
  -- :new_remaining = 0
  -- :new_outcome = 'present'
  -- :new_output = {"canvas_id": "canvas#1", "content": {"items": 1, "note": "x"}, "revision": 1, "status": "open"}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:05Z
  -- :new_duration_seconds = 0
  -- :of_id = record#1
  -- :of_workspace = workspace#1
  -- :status_1 = ('running', 'waiting')

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, wake_at, created_at, ready_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#2
  -- :workspace_id = workspace#1
  -- :execution_id = workflow_execution#1
  -- :step_key = 'change'
  -- :kind = 'canvas'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 1
  -- :status = 'pending'
  -- :remaining = 0
  -- :taken = 1
  -- :idempotency_key = 'workflow_execution#1:change'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :completed_at = NULL

  SELECT workflow_step_execution.id,
         workflow_step_execution.workspace_id,
         workflow_step_execution.execution_id,
         workflow_step_execution.step_key,
         workflow_step_execution.kind,
         workflow_step_execution.role,
         workflow_step_execution.item,
         workflow_step_execution.attempt,
         workflow_step_execution.position,
         workflow_step_execution.status,
         workflow_step_execution.remaining,
         workflow_step_execution.taken,
         workflow_step_execution.outcome,
         workflow_step_execution.scope,
         workflow_step_execution.input,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message,
         workflow_step_execution.idempotency_key,
         workflow_step_execution.lease_token,
         workflow_step_execution.lease_until,
         workflow_step_execution.deliveries,
         workflow_step_execution.wake_at,
         workflow_step_execution.child_execution_id,
         workflow_step_execution.agent_execution_id,
         workflow_step_execution.started_at,
         workflow_step_execution.completed_at,
         workflow_step_execution.duration_seconds
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id::UUID
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining = :remaining_1::INTEGER
    AND (workflow_step_execution.wake_at IS NULL
         OR workflow_step_execution.wake_at <= :now::TIMESTAMP WITH TIME ZONE)
  ORDER BY workflow_step_execution.position,
           workflow_step_execution.item,
           workflow_step_execution.id
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :execution_id = workflow_execution#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:05Z
  -- :param_1 = 2

  SAVEPOINT;

    SAVEPOINT sa_savepoint_2;

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
      FOR
      UPDATE;
    -- 1 row
    -- :workspace_id_1 = workspace#1
    -- :id_1 = canvas#1

    UPDATE canvas
    SET content=:content::JSONB,
        revision=:revision::INTEGER,
        updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
    WHERE canvas.workspace_id = :workspace_id_1::UUID
      AND canvas.id = :id_1::UUID
      AND canvas.status = :status_1
      AND canvas.revision = :revision_1::INTEGER;
    -- 1 row
    -- :content = {"items": 2}
    -- :revision = 2
    -- :updated_at = 2026-03-02 09:00:08Z
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
    VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
    -- 1 row
    -- :id = canvas_audit#2
    -- :workspace_id = workspace#1
    -- :canvas_id = canvas#1
    -- :sequence = 2
    -- :action = 'update'
    -- :content = {"items": 2, "note": null}
    -- :user_id = user_account#1
    -- :agent_id = NULL
    -- :workflow_execution_id = workflow_execution#1
    -- :step_key = 'change'
    -- :at = 2026-03-02 09:00:08Z

  RELEASE SAVEPOINT;

  RELEASE SAVEPOINT sa_savepoint_2;

  UPDATE workflow_step_execution
  SET status=:status,
      input=:new_input::JSONB,
            wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                      started_at=:new_started_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'running'
  -- :new_input = {"canvas": "canvas#1", "component": null, "content": {"items": 2, "note": null}, "type": null}
  -- :new_wake_at = NULL
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :of_id = record#2
  -- :of_workspace = workspace#1
  -- :status_1 = ('pending', 'waiting')

  UPDATE workflow_step_execution
  SET status=:status,
      remaining=:new_remaining::INTEGER,
      outcome=:new_outcome::VARCHAR,
      output=:new_output::JSONB,
             lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                               wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                         completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                             duration_seconds=:new_duration_seconds
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'completed'
  -- :new_remaining = 0
  -- :new_outcome = 'update'
  -- :new_output = {"canvas_id": "canvas#1", "content": {"items": 2}, "revision": 2, "status": "open"}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:05Z
  -- :new_duration_seconds = 0
  -- :of_id = record#2
  -- :of_workspace = workspace#1
  -- :status_1 = ('running', 'waiting')

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, wake_at, created_at, ready_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#3
  -- :workspace_id = workspace#1
  -- :execution_id = workflow_execution#1
  -- :step_key = 'send'
  -- :kind = 'canvas'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 2
  -- :status = 'pending'
  -- :remaining = 0
  -- :taken = 1
  -- :idempotency_key = 'workflow_execution#1:send'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :completed_at = NULL

  SELECT workflow_step_execution.id,
         workflow_step_execution.workspace_id,
         workflow_step_execution.execution_id,
         workflow_step_execution.step_key,
         workflow_step_execution.kind,
         workflow_step_execution.role,
         workflow_step_execution.item,
         workflow_step_execution.attempt,
         workflow_step_execution.position,
         workflow_step_execution.status,
         workflow_step_execution.remaining,
         workflow_step_execution.taken,
         workflow_step_execution.outcome,
         workflow_step_execution.scope,
         workflow_step_execution.input,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message,
         workflow_step_execution.idempotency_key,
         workflow_step_execution.lease_token,
         workflow_step_execution.lease_until,
         workflow_step_execution.deliveries,
         workflow_step_execution.wake_at,
         workflow_step_execution.child_execution_id,
         workflow_step_execution.agent_execution_id,
         workflow_step_execution.started_at,
         workflow_step_execution.completed_at,
         workflow_step_execution.duration_seconds
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id::UUID
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining = :remaining_1::INTEGER
    AND (workflow_step_execution.wake_at IS NULL
         OR workflow_step_execution.wake_at <= :now::TIMESTAMP WITH TIME ZONE)
  ORDER BY workflow_step_execution.position,
           workflow_step_execution.item,
           workflow_step_execution.id
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :execution_id = workflow_execution#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:05Z
  -- :param_1 = 2

  SAVEPOINT;

    SAVEPOINT sa_savepoint_3;

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
      FOR
      UPDATE;
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
    -- :updated_at = 2026-03-02 09:00:09Z
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
    VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
    -- 1 row
    -- :id = canvas_audit#3
    -- :workspace_id = workspace#1
    -- :canvas_id = canvas#1
    -- :sequence = 3
    -- :action = 'submit'
    -- :content = {"ok": true}
    -- :user_id = user_account#1
    -- :agent_id = NULL
    -- :workflow_execution_id = workflow_execution#1
    -- :step_key = 'send'
    -- :at = 2026-03-02 09:00:09Z

  RELEASE SAVEPOINT;

  RELEASE SAVEPOINT sa_savepoint_3;

  UPDATE workflow_step_execution
  SET status=:status,
      input=:new_input::JSONB,
            wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                      started_at=:new_started_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'running'
  -- :new_input = {"canvas": "canvas#1", "component": null, "content": {"ok": true}, "type": null}
  -- :new_wake_at = NULL
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :of_id = record#3
  -- :of_workspace = workspace#1
  -- :status_1 = ('pending', 'waiting')

  UPDATE workflow_step_execution
  SET status=:status,
      remaining=:new_remaining::INTEGER,
      outcome=:new_outcome::VARCHAR,
      output=:new_output::JSONB,
             lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                               wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                         completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                             duration_seconds=:new_duration_seconds
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'completed'
  -- :new_remaining = 0
  -- :new_outcome = 'submit'
  -- :new_output = {"canvas_id": "canvas#1", "content": {"items": 2}, "revision": 3, "status": "open"}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:05Z
  -- :new_duration_seconds = 0
  -- :of_id = record#3
  -- :of_workspace = workspace#1
  -- :status_1 = ('running', 'waiting')

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, wake_at, created_at, ready_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#4
  -- :workspace_id = workspace#1
  -- :execution_id = workflow_execution#1
  -- :step_key = 'close'
  -- :kind = 'canvas'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 3
  -- :status = 'pending'
  -- :remaining = 0
  -- :taken = 1
  -- :idempotency_key = 'workflow_execution#1:close'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :completed_at = NULL

  SELECT workflow_step_execution.id,
         workflow_step_execution.workspace_id,
         workflow_step_execution.execution_id,
         workflow_step_execution.step_key,
         workflow_step_execution.kind,
         workflow_step_execution.role,
         workflow_step_execution.item,
         workflow_step_execution.attempt,
         workflow_step_execution.position,
         workflow_step_execution.status,
         workflow_step_execution.remaining,
         workflow_step_execution.taken,
         workflow_step_execution.outcome,
         workflow_step_execution.scope,
         workflow_step_execution.input,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message,
         workflow_step_execution.idempotency_key,
         workflow_step_execution.lease_token,
         workflow_step_execution.lease_until,
         workflow_step_execution.deliveries,
         workflow_step_execution.wake_at,
         workflow_step_execution.child_execution_id,
         workflow_step_execution.agent_execution_id,
         workflow_step_execution.started_at,
         workflow_step_execution.completed_at,
         workflow_step_execution.duration_seconds
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id::UUID
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining = :remaining_1::INTEGER
    AND (workflow_step_execution.wake_at IS NULL
         OR workflow_step_execution.wake_at <= :now::TIMESTAMP WITH TIME ZONE)
  ORDER BY workflow_step_execution.position,
           workflow_step_execution.item,
           workflow_step_execution.id
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :execution_id = workflow_execution#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:05Z
  -- :param_1 = 2

  SAVEPOINT;

    SAVEPOINT sa_savepoint_4;

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
      FOR
      UPDATE;
    -- 1 row
    -- :workspace_id_1 = workspace#1
    -- :id_1 = canvas#1

    SELECT canvas.status
    FROM canvas
    WHERE canvas.id = :id_1::UUID
      AND canvas.workspace_id = :workspace_id_1::UUID
      FOR NO KEY
      UPDATE;
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
    -- :updated_at = 2026-03-02 09:00:10Z
    -- :closed_at = 2026-03-02 09:00:10Z
    -- :id_1 = canvas#1
    -- :workspace_id_1 = workspace#1
    -- :status_1 = ('open')

    INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at)
    VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
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
    -- :at = 2026-03-02 09:00:11Z

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
    VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSONB, :user_id::UUID, :agent_id::UUID, :workflow_execution_id::UUID, :step_key::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
    -- 1 row
    -- :id = canvas_audit#4
    -- :workspace_id = workspace#1
    -- :canvas_id = canvas#1
    -- :sequence = 4
    -- :action = 'close'
    -- :content = NULL
    -- :user_id = user_account#1
    -- :agent_id = NULL
    -- :workflow_execution_id = workflow_execution#1
    -- :step_key = 'close'
    -- :at = 2026-03-02 09:00:10Z

  RELEASE SAVEPOINT;

  RELEASE SAVEPOINT sa_savepoint_4;

  UPDATE workflow_step_execution
  SET status=:status,
      input=:new_input::JSONB,
            wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                      started_at=:new_started_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'running'
  -- :new_input = {"canvas": "canvas#1", "component": null, "content": null, "type": null}
  -- :new_wake_at = NULL
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :of_id = record#4
  -- :of_workspace = workspace#1
  -- :status_1 = ('pending', 'waiting')

  UPDATE workflow_step_execution
  SET status=:status,
      remaining=:new_remaining::INTEGER,
      outcome=:new_outcome::VARCHAR,
      output=:new_output::JSONB,
             lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                               wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                         completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                             duration_seconds=:new_duration_seconds
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'completed'
  -- :new_remaining = 0
  -- :new_outcome = 'close'
  -- :new_output = {"canvas_id": "canvas#1", "content": {"items": 2}, "revision": 4, "status": "closed"}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:05Z
  -- :new_duration_seconds = 0
  -- :of_id = record#4
  -- :of_workspace = workspace#1
  -- :status_1 = ('running', 'waiting')

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, wake_at, created_at, ready_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#5
  -- :workspace_id = workspace#1
  -- :execution_id = workflow_execution#1
  -- :step_key = 'late'
  -- :kind = 'canvas'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 4
  -- :status = 'pending'
  -- :remaining = 0
  -- :taken = 1
  -- :idempotency_key = 'workflow_execution#1:late'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :completed_at = NULL

  SELECT workflow_step_execution.id,
         workflow_step_execution.workspace_id,
         workflow_step_execution.execution_id,
         workflow_step_execution.step_key,
         workflow_step_execution.kind,
         workflow_step_execution.role,
         workflow_step_execution.item,
         workflow_step_execution.attempt,
         workflow_step_execution.position,
         workflow_step_execution.status,
         workflow_step_execution.remaining,
         workflow_step_execution.taken,
         workflow_step_execution.outcome,
         workflow_step_execution.scope,
         workflow_step_execution.input,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message,
         workflow_step_execution.idempotency_key,
         workflow_step_execution.lease_token,
         workflow_step_execution.lease_until,
         workflow_step_execution.deliveries,
         workflow_step_execution.wake_at,
         workflow_step_execution.child_execution_id,
         workflow_step_execution.agent_execution_id,
         workflow_step_execution.started_at,
         workflow_step_execution.completed_at,
         workflow_step_execution.duration_seconds
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id::UUID
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining = :remaining_1::INTEGER
    AND (workflow_step_execution.wake_at IS NULL
         OR workflow_step_execution.wake_at <= :now::TIMESTAMP WITH TIME ZONE)
  ORDER BY workflow_step_execution.position,
           workflow_step_execution.item,
           workflow_step_execution.id
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :execution_id = workflow_execution#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:05Z
  -- :param_1 = 2

  SAVEPOINT;

    SAVEPOINT sa_savepoint_5;

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
      FOR
      UPDATE;
    -- 1 row
    -- :workspace_id_1 = workspace#1
    -- :id_1 = canvas#1

  ROLLBACK TO SAVEPOINT;

  ROLLBACK TO SAVEPOINT sa_savepoint_5;

  UPDATE workflow_step_execution
  SET status=:status,
      input=:new_input::JSONB,
            wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                      started_at=:new_started_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'running'
  -- :new_input = {"canvas": "canvas#1", "component": null, "content": {}, "type": null}
  -- :new_wake_at = NULL
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :of_id = record#5
  -- :of_workspace = workspace#1
  -- :status_1 = ('pending', 'waiting')

  UPDATE workflow_step_execution
  SET status=:status,
      error_type=:new_error_type::VARCHAR,
      error_message=:new_error_message::VARCHAR,
      lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                        wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                  completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                      duration_seconds=:new_duration_seconds
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.workspace_id = :of_workspace::UUID
    AND workflow_step_execution.status IN (... 2);
  -- 1 row
  -- :status = 'failed'
  -- :new_error_type = 'CanvasClosedError'
  -- :new_error_message = 'canvas canvas#1 is closed and takes nothing more.'
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:05Z
  -- :new_duration_seconds = 0
  -- :of_id = record#5
  -- :of_workspace = workspace#1
  -- :status_1 = ('running', 'waiting')

  SELECT workflow_step_execution.id,
         workflow_step_execution.workspace_id,
         workflow_step_execution.execution_id,
         workflow_step_execution.step_key,
         workflow_step_execution.kind,
         workflow_step_execution.role,
         workflow_step_execution.item,
         workflow_step_execution.attempt,
         workflow_step_execution.position,
         workflow_step_execution.status,
         workflow_step_execution.remaining,
         workflow_step_execution.taken,
         workflow_step_execution.outcome,
         workflow_step_execution.scope,
         workflow_step_execution.input,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message,
         workflow_step_execution.idempotency_key,
         workflow_step_execution.lease_token,
         workflow_step_execution.lease_until,
         workflow_step_execution.deliveries,
         workflow_step_execution.wake_at,
         workflow_step_execution.child_execution_id,
         workflow_step_execution.agent_execution_id,
         workflow_step_execution.started_at,
         workflow_step_execution.completed_at,
         workflow_step_execution.duration_seconds
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id::UUID
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining = :remaining_1::INTEGER
    AND (workflow_step_execution.wake_at IS NULL
         OR workflow_step_execution.wake_at <= :now::TIMESTAMP WITH TIME ZONE)
  ORDER BY workflow_step_execution.position,
           workflow_step_execution.item,
           workflow_step_execution.id
  LIMIT :param_1::INTEGER;
  -- 0 rows
  -- :execution_id = workflow_execution#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:05Z
  -- :param_1 = 2

  SELECT workflow_step_execution.id,
         workflow_step_execution.workspace_id,
         workflow_step_execution.execution_id,
         workflow_step_execution.step_key,
         workflow_step_execution.kind,
         workflow_step_execution.role,
         workflow_step_execution.item,
         workflow_step_execution.attempt,
         workflow_step_execution.position,
         workflow_step_execution.status,
         workflow_step_execution.remaining,
         workflow_step_execution.taken,
         workflow_step_execution.outcome,
         workflow_step_execution.scope,
         workflow_step_execution.input,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message,
         workflow_step_execution.idempotency_key,
         workflow_step_execution.lease_token,
         workflow_step_execution.lease_until,
         workflow_step_execution.deliveries,
         workflow_step_execution.wake_at,
         workflow_step_execution.child_execution_id,
         workflow_step_execution.agent_execution_id,
         workflow_step_execution.started_at,
         workflow_step_execution.completed_at,
         workflow_step_execution.duration_seconds
  FROM workflow_step_execution
  LEFT OUTER JOIN workflow_execution AS workflow_execution_1 ON workflow_execution_1.id = workflow_step_execution.child_execution_id
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND (workflow_step_execution.status = :status_1
         AND workflow_step_execution.lease_until <= :lease_until_1::TIMESTAMP WITH TIME ZONE
         OR workflow_step_execution.status = :status_2
         AND (workflow_step_execution.wake_at <= :wake_at_1::TIMESTAMP WITH TIME ZONE
              OR workflow_execution_1.status IN (... 3)))
  ORDER BY workflow_step_execution.position,
           workflow_step_execution.item,
           workflow_step_execution.id
  LIMIT :param_1::INTEGER;
  -- 0 rows
  -- :execution_id_1 = workflow_execution#1
  -- :status_1 = 'running'
  -- :lease_until_1 = 2026-03-02 09:00:05Z
  -- :status_2 = 'waiting'
  -- :wake_at_1 = 2026-03-02 09:00:05Z
  -- :status_3 = ('completed', 'failed', 'cancelled')
  -- :param_1 = 1

  SELECT workflow_step_execution.step_key,
         workflow_step_execution.status,
         workflow_step_execution.outcome,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key IN (:step_key_1_1::VARCHAR,
                                             :step_key_1_2::VARCHAR)
    AND workflow_step_execution.role = :role_1
    AND (workflow_step_execution.status NOT IN (... 2))
  ORDER BY workflow_step_execution.step_key,
           workflow_step_execution.attempt;
  -- 2 rows
  -- :execution_id_1 = workflow_execution#1
  -- :role_1 = 'step'
  -- :status_1 = ('pending', 'running')

  UPDATE workflow_execution
  SET status=:new_status,
      variables=:new_variables::JSONB,
      outputs=:new_outputs::JSONB,
      log_sequence=:new_log_sequence::INTEGER,
      wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                lock_version=:new_lock_version::INTEGER,
                                                started_at=:new_started_at::TIMESTAMP WITH TIME ZONE,
                                                                                                completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                    duration_seconds=:new_duration_seconds
  WHERE workflow_execution.id = :of_id::UUID
    AND workflow_execution.status = :of_status
    AND workflow_execution.lock_version = :of_version::INTEGER;
  -- 1 row
  -- :new_status = 'completed'
  -- :new_variables = {"id": "canvas#1"}
  -- :new_outputs = {"content": {"items": 2}, "late": "CanvasClosedError"}
  -- :new_log_sequence = 13
  -- :new_wake_at = NULL
  -- :new_lock_version = 2
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :new_completed_at = 2026-03-02 09:00:05Z
  -- :new_duration_seconds = 0
  -- :of_id = workflow_execution#1
  -- :of_status = 'pending'
  -- :of_version = 1

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
  -- x 17: 17 rows
  -- :id = lifecycle_event#3, lifecycle_event#5, lifecycle_event#10, lifecycle_event#15, lifecycle_event#6, lifecycle_event#11, lifecycle_event#16, lifecycle_event#7, lifecycle_event#12, lifecycle_event#17, lifecycle_event#8, lifecycle_event#13, lifecycle_event#18, lifecycle_event#9, lifecycle_event#14, lifecycle_event#19, lifecycle_event#4
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_execution'
  -- :record_id = workflow_execution#1, record#1, record#1, record#1, record#2, record#2, record#2, record#3, record#3, record#3, record#4, record#4, record#4, record#5, record#5, record#5, workflow_execution#1
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_step_execution', 'workflow_execution'
  -- :of_id = workflow_execution#1, record#1, record#1, record#1, record#2, record#2, record#2, record#3, record#3, record#3, record#4, record#4, record#4, record#5, record#5, record#5, workflow_execution#1
  -- :from_status = 'pending', NULL, 'pending', 'running', NULL, 'pending', 'running', NULL, 'pending', 'running', NULL, 'pending', 'running', NULL, 'pending', 'running', 'running'
  -- :to_status = 'running', 'pending', 'running', 'completed', 'pending', 'running', 'completed', 'pending', 'running', 'completed', 'pending', 'running', 'completed', 'pending', 'running', 'failed', 'completed'
  -- :actor_id = NULL
  -- :reason = NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'CanvasClosedError', NULL
  -- :at = 2026-03-02 09:00:05Z

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSONB, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 12: 12 rows
  -- :id = workflow_execution_log#1, workflow_execution_log#2, workflow_execution_log#3, workflow_execution_log#4, workflow_execution_log#5, workflow_execution_log#6, workflow_execution_log#7, workflow_execution_log#8, workflow_execution_log#9, workflow_execution_log#10, workflow_execution_log#11, workflow_execution_log#12
  -- :workspace_id = workspace#1
  -- :execution_id = workflow_execution#1
  -- :sequence = 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
  -- :level = 'info', 'info', 'info', 'info', 'info', 'info', 'info', 'info', 'info', 'info', 'error', 'info'
  -- :event = 'execution_started', 'step_started', 'step_completed', 'step_started', 'step_completed', 'step_started', 'step_completed', 'step_started', 'step_completed', 'step_started', 'step_failed', 'execution_completed'
  -- :message = 'canvas started', 'show started', 'show completed (present)', 'change started', 'change completed (update)', 'send started', 'send completed (submit)', 'close started', 'close completed (close)', 'late started', 'late failed: CanvasClosedError: canvas canvas#1 is closed and takes nothing more.', 'completed'
  -- :step_key = NULL, 'show', 'show', 'change', 'change', 'send', 'send', 'close', 'close', 'late', 'late', NULL
  -- :context = {}
  -- :timestamp = 2026-03-02 09:00:05Z

COMMIT;

BEGIN;

  SELECT workflow_execution.id,
         workflow_execution.workspace_id,
         workflow_execution.workflow_id,
         workflow_execution.version_id,
         workflow_execution.status,
         workflow_execution.triggered_by,
         workflow_execution.input_data,
         workflow_execution.variables,
         workflow_execution.outputs,
         workflow_execution.error_type,
         workflow_execution.error_message,
         workflow_execution.failed_step,
         workflow_execution.pause_reason,
         workflow_execution.user_id,
         workflow_execution.agent_id,
         workflow_execution.parent_execution_id,
         workflow_execution.depth,
         workflow_execution.replay_of_id,
         workflow_execution.debugged,
         workflow_execution.open_steps,
         workflow_execution.log_sequence,
         workflow_execution.wake_at,
         workflow_execution.deadline_at,
         workflow_execution.lock_version,
         workflow_execution.created_at,
         workflow_execution.started_at,
         workflow_execution.completed_at,
         workflow_execution.duration_seconds
  FROM workflow_execution
  WHERE workflow_execution.id = :pk_1::UUID;
  -- 1 row
  -- :pk_1 = workflow_execution#1
