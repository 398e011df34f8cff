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
  -- :name_1 = 'approval'

  INSERT INTO workflow (id, workspace_id, name, description, latest_version, created_by, created_at, updated_at)
  VALUES (:id::UUID, :workspace_id::UUID, :name::VARCHAR, :description::VARCHAR, :latest_version::INTEGER, :created_by::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow#1
  -- :workspace_id = workspace#1
  -- :name = 'approval'
  -- :description = ''
  -- :latest_version = 1
  -- :created_by = NULL
  -- :created_at = 2026-03-02 09:00:00Z
  -- :updated_at = 2026-03-02 09:00:00Z

  INSERT INTO workflow_version (id, workspace_id, workflow_id, version, definition, digest, created_by, created_at)
  VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version::INTEGER, :definition::JSON, :digest::VARCHAR, :created_by::UUID, :created_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow_version#1
  -- :workspace_id = workspace#1
  -- :workflow_id = workflow#1
  -- :version = 1
  -- :definition = {"name": "approval", "steps": [{"details": {"to": "${input.to}"}, "key": "ask", "kind": "approval", "on_reject": ["sorry"], "timeout": 3600, "title": "pay ${input.n}?"}, {"action": "echo", "depends_on": ["ask"], "key": "pay", "kind": "task", "parameters": {"by": "${steps.ask.output.by}"}}, {"action": "echo", "key": "sorry", "kind": "task", "parameters": {"why": "${steps.ask.output.comment}"}}]}
  -- :digest = 'bd30942e461ee8c136e6173ef22ceece3bf8bfe2e53d20c275ceed568da981e9'
  -- :created_by = NULL
  -- :created_at = 2026-03-02 09:00:01Z

  INSERT INTO workflow_step (id, workspace_id, version_id, position, key, kind, name, parameters, depends_on, retry_policy, timeout_seconds, continue_on_error, compensation)
  VALUES (:id::UUID, :workspace_id::UUID, :version_id::UUID, :position::INTEGER, :key::VARCHAR, :kind, :name::VARCHAR, :parameters::JSON, :depends_on::JSON, :retry_policy::JSON, :timeout_seconds, :continue_on_error, :compensation::JSON);
  -- 1 row
  -- :id = workflow_step#s1
  -- :workspace_id = workspace#1
  -- :version_id = workflow_version#1
  -- :position = 0
  -- :key = 'ask'
  -- :kind = 'approval'
  -- :name = ''
  -- :parameters = {"details": {"to": "${input.to}"}, "title": "pay ${input.n}?"}
  -- :depends_on = []
  -- :retry_policy = {"attempts": 1, "delay": 1.0, "factor": 2.0, "max_delay": 300.0, "on": []}
  -- :timeout_seconds = 3600
  -- :continue_on_error = false
  -- :compensation = NULL

  INSERT INTO workflow_step (id, workspace_id, version_id, position, key, kind, name, parameters, depends_on, retry_policy, continue_on_error, compensation)
  VALUES (:id::UUID, :workspace_id::UUID, :version_id::UUID, :position::INTEGER, :key::VARCHAR, :kind, :name::VARCHAR, :parameters::JSON, :depends_on::JSON, :retry_policy::JSON, :continue_on_error, :compensation::JSON);
  -- x 2: 2 rows
  -- :id = workflow_step#s2, workflow_step#s3
  -- :workspace_id = workspace#1
  -- :version_id = workflow_version#1
  -- :position = 1, 2
  -- :key = 'pay', 'sorry'
  -- :kind = 'task'
  -- :name = ''
  -- :parameters = {"parameters": {"by": "${steps.ask.output.by}"}}, {"parameters": {"why": "${steps.ask.output.comment}"}}
  -- :depends_on = ["ask"]
  -- :retry_policy = {"attempts": 1, "delay": 1.0, "factor": 2.0, "max_delay": 300.0, "on": []}
  -- :continue_on_error = false
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
  -- :name_1 = 'approval'

  SELECT workflow_version.definition,
         workflow_version.version
  FROM workflow_version
  WHERE workflow_version.id = :id_1::UUID;
  -- 1 row
  -- :id_1 = workflow_version#1

  INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, error_type, error_message, failed_step, pause_reason, user_id, agent_id, parent_execution_id, depth, replay_of_id, debugged, open_steps, log_sequence, wake_at, deadline_at, lock_version, created_at, started_at, completed_at, duration_seconds, tolerates_skips)
  VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :error_type::VARCHAR, :error_message::VARCHAR, :failed_step::VARCHAR, :pause_reason::VARCHAR, :user_id::UUID, :agent_id::UUID, :parent_execution_id::UUID, :depth::INTEGER, :replay_of_id::UUID, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :deadline_at::TIMESTAMP WITH TIME ZONE, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :duration_seconds, :tolerates_skips);
  -- 1 row
  -- :id = record#1
  -- :workspace_id = workspace#1
  -- :workflow_id = workflow#1
  -- :version_id = workflow_version#1
  -- :status = 'pending'
  -- :triggered_by = 'manual'
  -- :input_data = {"n": 5, "to": "Nils"}
  -- :variables = {}
  -- :error_type = NULL
  -- :error_message = NULL
  -- :failed_step = NULL
  -- :pause_reason = NULL
  -- :user_id = NULL
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
  -- :tolerates_skips = false

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- 1 row
  -- :id = lifecycle_event#s1
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_execution'
  -- :record_id = record#1
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :record_kind_1 = 'workflow_execution'
  -- :record_id_1 = record#1
  -- :from_status = NULL
  -- :to_status = 'pending'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:03Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow_execution_log#s1
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 1
  -- :level = 'info'
  -- :event = 'execution_created'
  -- :message = 'approval version 1 is to run'
  -- :step_key = NULL
  -- :context = {}
  -- :timestamp = 2026-03-02 09:00:02Z

  -- step: ask

  SELECT workflow_execution.id,
         workflow_execution.wake_at
  FROM workflow_execution
  WHERE workflow_execution.wake_at <= :wake_at_1::TIMESTAMP WITH TIME ZONE
    AND workflow_execution.status IN (... 4)
  ORDER BY workflow_execution.wake_at,
           workflow_execution.id
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :wake_at_1 = 2026-03-02 09:00:04Z
  -- :status_1 = ('pending', 'running', 'waiting', 'compensating')
  -- :param_1 = 100

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
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :execution_id::UUID
    FOR NO KEY UPDATE;
  -- 1 row
  -- :execution_id = record#1

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, input, idempotency_key, deliveries, wake_at, created_at, ready_at, started_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :input::JSON, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#2
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :step_key = 'ask'
  -- :kind = 'approval'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 0
  -- :status = 'waiting'
  -- :remaining = 0
  -- :taken = 0
  -- :input = {"details": {"to": "Nils"}, "title": "pay 5?"}
  -- :idempotency_key = 'record#1:ask'
  -- :deliveries = 0
  -- :wake_at = 2026-03-02 10:00:05Z
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :started_at = 2026-03-02 09:00:05Z
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
  -- :execution_id_1 = record#1
  -- :status_1 = 'running'
  -- :lease_until_1 = 2026-03-02 09:00:05Z
  -- :status_2 = 'waiting'
  -- :wake_at_1 = 2026-03-02 09:00:05Z
  -- :status_3 = ('completed', 'failed', 'cancelled')
  -- :param_1 = 1

  SELECT count(CASE
                   WHEN (workflow_step_execution.status = :status_1) THEN :param_1::INTEGER
               END) AS running,
         count(CASE
                   WHEN (workflow_step_execution.status = :status_2) THEN :param_2::INTEGER
               END) AS waiting,
         min(CASE
                 WHEN (workflow_step_execution.status = :status_1) THEN workflow_step_execution.lease_until
                 ELSE workflow_step_execution.wake_at
             END) AS until
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.status IN (... 3)
    AND (workflow_step_execution.status != :status_4
         OR workflow_step_execution.remaining = :remaining_1::INTEGER);
  -- 1 row
  -- :status_1 = 'running'
  -- :param_1 = 1
  -- :status_2 = 'waiting'
  -- :param_2 = 1
  -- :execution_id_1 = record#1
  -- :status_3 = ('pending', 'running', 'waiting')
  -- :status_4 = 'pending'
  -- :remaining_1 = 0

  UPDATE workflow_execution
  SET status=:new_status,
      open_steps=:new_open_steps::INTEGER,
      log_sequence=:new_log_sequence::INTEGER,
      wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                lock_version=:new_lock_version::INTEGER,
                                                started_at=:new_started_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_execution.id = :of_id::UUID
    AND workflow_execution.status = :of_status
    AND workflow_execution.lock_version = :of_version::INTEGER;
  -- 1 row
  -- :new_status = 'waiting'
  -- :new_open_steps = 1
  -- :new_log_sequence = 4
  -- :new_wake_at = 2026-03-02 10:00:05Z
  -- :new_lock_version = 2
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :of_id = record#1
  -- :of_status = 'pending'
  -- :of_version = 1

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, :sequence::INTEGER, :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 3: 3 rows
  -- :id = lifecycle_event#3, lifecycle_event#4, lifecycle_event#5
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution'
  -- :record_id = record#2
  -- :sequence = 1, 2, 3
  -- :from_status = NULL, 'pending', 'running'
  -- :to_status = 'pending', 'running', 'waiting'
  -- :actor_id = NULL
  -- :reason = NULL, NULL, 'for a decision'
  -- :at = 2026-03-02 09:00:05Z
  -- :actor_agent_id = NULL

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 2: 1 row each
  -- :id = lifecycle_event#1, lifecycle_event#2
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_execution'
  -- :record_id = record#1
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_execution'
  -- :of_id = record#1
  -- :from_status = 'pending', 'running'
  -- :to_status = 'running', 'waiting'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:05Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 3: 3 rows
  -- :id = workflow_execution_log#1, workflow_execution_log#2, workflow_execution_log#3
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 2, 3, 4
  -- :level = 'info'
  -- :event = 'execution_started', 'step_started', 'step_waiting'
  -- :message = 'approval started', 'ask started', 'ask waits for a decision'
  -- :step_key = NULL, 'ask', 'ask'
  -- :context = {}
  -- :timestamp = 2026-03-02 09:00:05Z

COMMIT;

BEGIN;

  SELECT workflow_execution.id,
         workflow_execution.wake_at
  FROM workflow_execution
  WHERE workflow_execution.wake_at <= :wake_at_1::TIMESTAMP WITH TIME ZONE
    AND workflow_execution.status IN (... 4)
  ORDER BY workflow_execution.wake_at,
           workflow_execution.id
  LIMIT :param_1::INTEGER;
  -- 0 rows
  -- :wake_at_1 = 2026-03-02 09:00:06Z
  -- :status_1 = ('pending', 'running', 'waiting', 'compensating')
  -- :param_1 = 100

  -- step: a member may not

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
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :pk_1::UUID;
  -- 1 row
  -- :pk_1 = record#1

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
  -- :id_1 = user_account#s1

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
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :execution_id::UUID
    FOR NO KEY UPDATE;
  -- 1 row
  -- :execution_id = record#1

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
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1
  ORDER BY workflow_step_execution.item,
           workflow_step_execution.attempt;
  -- 1 row
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'ask'
  -- :role_1 = 'step'
  -- :status_1 = 'waiting'

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
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :execution_id::UUID
    FOR NO KEY UPDATE;
  -- 1 row
  -- :execution_id = record#1

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
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1
  ORDER BY workflow_step_execution.item,
           workflow_step_execution.attempt;
  -- 1 row
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'ask'
  -- :role_1 = 'step'
  -- :status_1 = 'waiting'

  UPDATE workflow_step_execution
  SET status=:new_status,
      remaining=:new_remaining::INTEGER,
      outcome=:new_outcome::VARCHAR,
      output=:new_output::JSON,
             lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                               wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                         completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                             duration_seconds=:new_duration_seconds
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.status = :of_status;
  -- 1 row
  -- :new_status = 'completed'
  -- :new_remaining = 0
  -- :new_outcome = 'approved'
  -- :new_output = {"by": "user_account#1", "comment": "go", "decision": "approved"}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:08Z
  -- :new_duration_seconds = 3
  -- :of_id = record#2
  -- :of_status = 'waiting'

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, wake_at, created_at, ready_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- x 2: 2 rows
  -- :id = record#3, record#4
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :step_key = 'pay', 'sorry'
  -- :kind = 'task'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 1, 2
  -- :status = 'pending', 'skipped'
  -- :remaining = 0
  -- :taken = 1, 0
  -- :idempotency_key = 'record#1:pay', 'record#1:sorry'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:08Z
  -- :ready_at = 2026-03-02 09:00:08Z
  -- :completed_at = NULL, 2026-03-02 09:00:08Z

  UPDATE workflow_execution
  SET status=:new_status,
      log_sequence=:new_log_sequence::INTEGER,
      wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                lock_version=:new_lock_version::INTEGER
  WHERE workflow_execution.id = :of_id::UUID
    AND workflow_execution.status = :of_status
    AND workflow_execution.lock_version = :of_version::INTEGER;
  -- 1 row
  -- :new_status = 'running'
  -- :new_log_sequence = 7
  -- :new_wake_at = 2026-03-02 09:00:08Z
  -- :new_lock_version = 3
  -- :of_id = record#1
  -- :of_status = 'waiting'
  -- :of_version = 2

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, :sequence::INTEGER, :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 2: 2 rows
  -- :id = lifecycle_event#7, lifecycle_event#8
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution'
  -- :record_id = record#3, record#4
  -- :sequence = 1
  -- :from_status = NULL
  -- :to_status = 'pending', 'skipped'
  -- :actor_id = user_account#1
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:08Z
  -- :actor_agent_id = NULL

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 2: 1 row each
  -- :id = lifecycle_event#6, lifecycle_event#9
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_execution', 'workflow_step_execution'
  -- :record_id = record#1, record#2
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_execution', 'workflow_step_execution'
  -- :of_id = record#1, record#2
  -- :from_status = 'waiting'
  -- :to_status = 'running', 'completed'
  -- :actor_id = user_account#1
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:08Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 3: 3 rows
  -- :id = workflow_execution_log#4, workflow_execution_log#5, workflow_execution_log#6
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 5, 6, 7
  -- :level = 'info'
  -- :event = 'step_approved', 'step_completed', 'step_skipped'
  -- :message = 'ask is approved', 'ask completed (approved)', 'sorry is skipped: no branch leads here'
  -- :step_key = 'ask', 'ask', 'sorry'
  -- :context = {"by": "user_account#1", "comment": "go"}, {}, {}
  -- :timestamp = 2026-03-02 09:00:08Z

  -- step: approve twice

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
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :pk_1::UUID;
  -- 1 row
  -- :pk_1 = record#1

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
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :execution_id::UUID
    FOR NO KEY UPDATE;
  -- 1 row
  -- :execution_id = record#1

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
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1
  ORDER BY workflow_step_execution.item,
           workflow_step_execution.attempt;
  -- 0 rows
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'ask'
  -- :role_1 = 'step'
  -- :status_1 = 'waiting'

  -- step: run on

  SELECT workflow_execution.id,
         workflow_execution.wake_at
  FROM workflow_execution
  WHERE workflow_execution.wake_at <= :wake_at_1::TIMESTAMP WITH TIME ZONE
    AND workflow_execution.status IN (... 4)
  ORDER BY workflow_execution.wake_at,
           workflow_execution.id
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :wake_at_1 = 2026-03-02 09:00:10Z
  -- :status_1 = ('pending', 'running', 'waiting', 'compensating')
  -- :param_1 = 100

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
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :execution_id::UUID
    FOR NO KEY UPDATE;
  -- 1 row
  -- :execution_id = record#1

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
  -- :execution_id = record#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:11Z
  -- :param_1 = 2

  SELECT workflow_step_execution.step_key,
         workflow_step_execution.status,
         workflow_step_execution.outcome,
         workflow_step_execution.output,
         workflow_step_execution.error_type,
         workflow_step_execution.error_message
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id::UUID
    AND workflow_step_execution.step_key IN (... 1::VARCHAR :keys)
    AND workflow_step_execution.role = :role_1
    AND (workflow_step_execution.status NOT IN (... 2 :status_1))
  ORDER BY workflow_step_execution.step_key COLLATE "C",
                                                    workflow_step_execution.attempt;
  -- 1 row
  -- :execution_id = record#1
  -- :keys = ('ask')
  -- :role_1 = 'step'
  -- :status_1 = ('pending', 'running')

  UPDATE workflow_step_execution
  SET status=:new_status,
      outcome=:new_outcome::VARCHAR,
      input=:new_input::JSON,
            lease_token=:new_lease_token::UUID,
            lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                              leased_by=:new_leased_by::VARCHAR,
                                                              deliveries=:new_deliveries::INTEGER,
                                                              wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                        agent_execution_id=:new_agent_execution_id::UUID,
                                                                                                        started_at=:new_started_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.status = :of_status;
  -- 1 row
  -- :new_status = 'running'
  -- :new_outcome = NULL
  -- :new_input = {"parameters": {"by": "user_account#1"}}
  -- :new_lease_token = lease_token#1
  -- :new_lease_until = 2026-03-02 09:00:41Z
  -- :new_leased_by = 'inline'
  -- :new_deliveries = 1
  -- :new_wake_at = NULL
  -- :new_agent_execution_id = NULL
  -- :new_started_at = 2026-03-02 09:00:11Z
  -- :of_id = record#3
  -- :of_status = 'pending'

  UPDATE workflow_execution
  SET log_sequence=:new_log_sequence::INTEGER,
      wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                lock_version=:new_lock_version::INTEGER
  WHERE workflow_execution.id = :of_id::UUID
    AND workflow_execution.status = :of_status
    AND workflow_execution.lock_version = :of_version::INTEGER;
  -- 1 row
  -- :new_log_sequence = 8
  -- :new_wake_at = 2026-03-02 09:00:41Z
  -- :new_lock_version = 4
  -- :of_id = record#1
  -- :of_status = 'running'
  -- :of_version = 3

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- 1 row
  -- :id = lifecycle_event#11
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution'
  -- :record_id = record#3
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_step_execution'
  -- :of_id = record#3
  -- :from_status = 'pending'
  -- :to_status = 'running'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:11Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow_execution_log#7
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 8
  -- :level = 'info'
  -- :event = 'step_started'
  -- :message = 'pay started'
  -- :step_key = 'pay'
  -- :context = {}
  -- :timestamp = 2026-03-02 09:00:11Z

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
         workflow_execution.debugged,
         workflow_execution.open_steps,
         workflow_execution.log_sequence,
         workflow_execution.wake_at,
         workflow_execution.deadline_at,
         workflow_execution.lock_version,
         workflow_execution.created_at,
         workflow_execution.started_at,
         workflow_execution.completed_at,
         workflow_execution.duration_seconds,
         workflow_execution.tolerates_skips
  FROM workflow_execution
  WHERE workflow_execution.id = :execution_id::UUID
    FOR NO KEY UPDATE;
  -- 1 row
  -- :execution_id = record#1

  UPDATE workflow_step_execution
  SET status=:new_status,
      remaining=:new_remaining::INTEGER,
      outcome=:new_outcome::VARCHAR,
      output=:new_output::JSON,
             lease_until=:new_lease_until::TIMESTAMP WITH TIME ZONE,
                                                               wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                                                                         completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                                                                             duration_seconds=:new_duration_seconds
  WHERE workflow_step_execution.id = :of_id::UUID
    AND workflow_step_execution.status = :of_status
    AND workflow_step_execution.lease_token = :of_token::UUID;
  -- 1 row
  -- :new_status = 'completed'
  -- :new_remaining = 0
  -- :new_outcome = NULL
  -- :new_output = {"by": "user_account#1"}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:12Z
  -- :new_duration_seconds = 1
  -- :of_id = record#3
  -- :of_status = 'running'
  -- :of_token = lease_token#1

  UPDATE workflow_execution
  SET status=:new_status,
      outputs=:new_outputs::JSON,
      open_steps=:new_open_steps::INTEGER,
      log_sequence=:new_log_sequence::INTEGER,
      wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                lock_version=:new_lock_version::INTEGER,
                                                completed_at=:new_completed_at::TIMESTAMP WITH TIME ZONE,
                                                                                                    duration_seconds=:new_duration_seconds
  WHERE workflow_execution.id = :of_id::UUID
    AND workflow_execution.status = :of_status
    AND workflow_execution.lock_version = :of_version::INTEGER;
  -- 1 row
  -- :new_status = 'completed'
  -- :new_outputs = {}
  -- :new_open_steps = 0
  -- :new_log_sequence = 10
  -- :new_wake_at = NULL
  -- :new_lock_version = 5
  -- :new_completed_at = 2026-03-02 09:00:12Z
  -- :new_duration_seconds = 7
  -- :of_id = record#1
  -- :of_status = 'running'
  -- :of_version = 4

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 2: 1 row each
  -- :id = lifecycle_event#12, lifecycle_event#10
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution', 'workflow_execution'
  -- :record_id = record#3, record#1
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_step_execution', 'workflow_execution'
  -- :of_id = record#3, record#1
  -- :from_status = 'running'
  -- :to_status = 'completed'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:12Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 2: 2 rows
  -- :id = workflow_execution_log#8, workflow_execution_log#9
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 9, 10
  -- :level = 'info'
  -- :event = 'step_completed', 'execution_completed'
  -- :message = 'pay completed', 'completed'
  -- :step_key = 'pay', NULL
  -- :context = {}
  -- :timestamp = 2026-03-02 09:00:12Z

COMMIT;

BEGIN;

  SELECT workflow_execution.id,
         workflow_execution.wake_at
  FROM workflow_execution
  WHERE workflow_execution.wake_at <= :wake_at_1::TIMESTAMP WITH TIME ZONE
    AND workflow_execution.status IN (... 4)
  ORDER BY workflow_execution.wake_at,
           workflow_execution.id
  LIMIT :param_1::INTEGER;
  -- 0 rows
  -- :wake_at_1 = 2026-03-02 09:00:13Z
  -- :status_1 = ('pending', 'running', 'waiting', 'compensating')
  -- :param_1 = 100
