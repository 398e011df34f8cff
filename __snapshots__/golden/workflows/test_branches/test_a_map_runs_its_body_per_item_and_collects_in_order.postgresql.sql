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
  -- :name_1 = 'mapped'

  INSERT INTO workflow (id, workspace_id, name, description, latest_version, created_by, created_at, updated_at)
  VALUES (:id::UUID, :workspace_id::UUID, :name::VARCHAR, :description::VARCHAR, :latest_version::INTEGER, :created_by::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = workflow#1
  -- :workspace_id = workspace#1
  -- :name = 'mapped'
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
  -- :definition = {"name": "mapped", "outputs": {"all": "${steps.each.output}"}, "steps": [{"body": {"action": "double", "kind": "task", "parameters": {"n": "${item}"}}, "concurrency": 2, "key": "each", "kind": "map", "over": "${input.numbers}"}]}
  -- :digest = '221ed4364e25b73e079c749e3fa95cc49e80f547a4fed599576f2c61895a0864'
  -- :created_by = NULL
  -- :created_at = 2026-03-02 09:00:01Z

  INSERT INTO workflow_step (id, workspace_id, version_id, position, key, kind, name, parameters, depends_on, retry_policy, continue_on_error, compensation)
  VALUES (:id::UUID, :workspace_id::UUID, :version_id::UUID, :position::INTEGER, :key::VARCHAR, :kind, :name::VARCHAR, :parameters::JSON, :depends_on::JSON, :retry_policy::JSON, :continue_on_error, :compensation::JSON);
  -- 1 row
  -- :id = workflow_step#s1
  -- :workspace_id = workspace#1
  -- :version_id = workflow_version#1
  -- :position = 0
  -- :key = 'each'
  -- :kind = 'map'
  -- :name = ''
  -- :parameters = {"over": "${input.numbers}"}
  -- :depends_on = []
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
  -- :name_1 = 'mapped'

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
  -- :input_data = {"numbers": [3, 1, 2]}
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
  -- :message = 'mapped version 1 is to run'
  -- :step_key = NULL
  -- :context = {}
  -- :timestamp = 2026-03-02 09:00:02Z

  -- step: run

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
  -- 0 rows
  -- :execution_id = record#1
  -- :keys = ('each')
  -- :role_1 = 'step'
  -- :status_1 = ('pending', 'running')

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, input, idempotency_key, deliveries, wake_at, created_at, ready_at, started_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :input::JSON, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#2
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :step_key = 'each'
  -- :kind = 'map'
  -- :role = 'step'
  -- :item = 0
  -- :attempt = 1
  -- :position = 0
  -- :status = 'waiting'
  -- :remaining = 3
  -- :taken = 0
  -- :input = {"over": [3, 1, 2]}
  -- :idempotency_key = 'record#1:each'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :started_at = 2026-03-02 09:00:05Z
  -- :completed_at = NULL

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, outcome, scope, input, idempotency_key, lease_token, lease_until, leased_by, deliveries, wake_at, agent_execution_id, created_at, ready_at, started_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :outcome::VARCHAR, :scope::JSON, :input::JSON, :idempotency_key::VARCHAR, :lease_token::UUID, :lease_until::TIMESTAMP WITH TIME ZONE, :leased_by::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :agent_execution_id::UUID, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :id = record#3
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :step_key = 'each'
  -- :kind = 'task'
  -- :role = 'item'
  -- :item = 0
  -- :attempt = 1
  -- :position = 0
  -- :status = 'running'
  -- :remaining = 0
  -- :taken = 0
  -- :outcome = NULL
  -- :scope = {"index": 0, "item": 3}
  -- :input = {"parameters": {"n": 3}}
  -- :idempotency_key = 'record#1:each:0'
  -- :lease_token = lease_token#1
  -- :lease_until = 2026-03-02 09:00:35Z
  -- :leased_by = 'inline'
  -- :deliveries = 1
  -- :wake_at = NULL
  -- :agent_execution_id = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z
  -- :started_at = 2026-03-02 09:00:05Z
  -- :completed_at = NULL

  INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, scope, idempotency_key, deliveries, wake_at, created_at, ready_at, completed_at)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :scope::JSON, :idempotency_key::VARCHAR, :deliveries::INTEGER, :wake_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE, :ready_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
  -- x 2: 2 rows
  -- :id = record#4, record#5
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :step_key = 'each'
  -- :kind = 'task'
  -- :role = 'item'
  -- :item = 1, 2
  -- :attempt = 1
  -- :position = 0
  -- :status = 'pending'
  -- :remaining = 0, 1
  -- :taken = 0
  -- :scope = {"index": 1, "item": 1}, {"index": 2, "item": 2}
  -- :idempotency_key = 'record#1:each:1', 'record#1:each:2'
  -- :deliveries = 0
  -- :wake_at = NULL
  -- :created_at = 2026-03-02 09:00:05Z
  -- :ready_at = 2026-03-02 09:00:05Z, NULL
  -- :completed_at = NULL

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
  -- :new_status = 'running'
  -- :new_open_steps = 4
  -- :new_log_sequence = 5
  -- :new_wake_at = 2026-03-02 09:00:05Z
  -- :new_lock_version = 2
  -- :new_started_at = 2026-03-02 09:00:05Z
  -- :of_id = record#1
  -- :of_status = 'pending'
  -- :of_version = 1

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, :sequence::INTEGER, :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 7: 7 rows
  -- :id = lifecycle_event#3, lifecycle_event#4, lifecycle_event#5, lifecycle_event#6, lifecycle_event#7, lifecycle_event#14, lifecycle_event#8
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution'
  -- :record_id = record#2, record#3, record#4, record#5, record#2, record#2, record#3
  -- :sequence = 1, 1, 1, 1, 2, 3, 2
  -- :from_status = NULL, NULL, NULL, NULL, 'pending', 'running', 'pending'
  -- :to_status = 'pending', 'pending', 'pending', 'pending', 'running', 'waiting', 'running'
  -- :actor_id = NULL
  -- :reason = NULL, NULL, NULL, NULL, NULL, 'for its 3 items', NULL
  -- :at = 2026-03-02 09:00:05Z
  -- :actor_agent_id = NULL

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- 1 row
  -- :id = lifecycle_event#1
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_execution'
  -- :record_id = record#1
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_execution'
  -- :of_id = record#1
  -- :from_status = 'pending'
  -- :to_status = 'running'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:05Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 4: 4 rows
  -- :id = workflow_execution_log#1, workflow_execution_log#2, workflow_execution_log#3, workflow_execution_log#4
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 2, 3, 4, 5
  -- :level = 'info'
  -- :event = 'execution_started', 'step_started', 'step_waiting', 'step_started'
  -- :message = 'mapped started', 'each started', 'each waits for its 3 items', 'each started'
  -- :step_key = NULL, 'each', 'each', 'each'
  -- :context = {}, {}, {}, {"item": 0, "role": "item"}
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
  -- :new_output = {"n": 6}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:06Z
  -- :new_duration_seconds = 1
  -- :of_id = record#3
  -- :of_status = 'running'
  -- :of_token = lease_token#1

  UPDATE workflow_step_execution
  SET remaining=(workflow_step_execution.remaining - :remaining_1::INTEGER)
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1 RETURNING workflow_step_execution.remaining;
  -- 1 row
  -- :remaining_1 = 1
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'each'
  -- :role_1 = 'step'
  -- :status_1 = 'waiting'

  SELECT workflow_step_execution.id
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining > :remaining_1::INTEGER
  ORDER BY workflow_step_execution.item
  LIMIT :param_1::INTEGER;
  -- 1 row
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'each'
  -- :role_1 = 'item'
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :param_1 = 1

  UPDATE workflow_step_execution
  SET remaining=:remaining::INTEGER,
      ready_at=:ready_at::TIMESTAMP WITH TIME ZONE
  WHERE workflow_step_execution.id = :id_1::UUID;
  -- 1 row
  -- :remaining = 0
  -- :ready_at = 2026-03-02 09:00:06Z
  -- :id_1 = record#5

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
  -- 2 rows
  -- :execution_id = record#1
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :now = 2026-03-02 09:00:06Z
  -- :param_1 = 2

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
  -- :new_input = {"parameters": {"n": 1}}
  -- :new_lease_token = lease_token#2
  -- :new_lease_until = 2026-03-02 09:00:36Z
  -- :new_leased_by = 'inline'
  -- :new_deliveries = 1
  -- :new_wake_at = NULL
  -- :new_agent_execution_id = NULL
  -- :new_started_at = 2026-03-02 09:00:06Z
  -- :of_id = record#4
  -- :of_status = 'pending'

  UPDATE workflow_execution
  SET open_steps=:new_open_steps::INTEGER,
      log_sequence=:new_log_sequence::INTEGER,
      wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                lock_version=:new_lock_version::INTEGER
  WHERE workflow_execution.id = :of_id::UUID
    AND workflow_execution.status = :of_status
    AND workflow_execution.lock_version = :of_version::INTEGER;
  -- 1 row
  -- :new_open_steps = 3
  -- :new_log_sequence = 7
  -- :new_wake_at = 2026-03-02 09:00:06Z
  -- :new_lock_version = 3
  -- :of_id = record#1
  -- :of_status = 'running'
  -- :of_version = 2

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, :sequence::INTEGER, :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- 1 row
  -- :id = lifecycle_event#11
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution'
  -- :record_id = record#3
  -- :sequence = 3
  -- :from_status = 'running'
  -- :to_status = 'completed'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:06Z
  -- :actor_agent_id = NULL

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- 1 row
  -- :id = lifecycle_event#9
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution'
  -- :record_id = record#4
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_step_execution'
  -- :of_id = record#4
  -- :from_status = 'pending'
  -- :to_status = 'running'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:06Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 2: 2 rows
  -- :id = workflow_execution_log#5, workflow_execution_log#6
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 6, 7
  -- :level = 'info'
  -- :event = 'step_completed', 'step_started'
  -- :message = 'each completed', 'each started'
  -- :step_key = 'each'
  -- :context = {"item": 0, "role": "item"}, {"item": 1, "role": "item"}
  -- :timestamp = 2026-03-02 09:00:06Z

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
  -- :new_output = {"n": 2}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:07Z
  -- :new_duration_seconds = 1
  -- :of_id = record#4
  -- :of_status = 'running'
  -- :of_token = lease_token#2

  UPDATE workflow_step_execution
  SET remaining=(workflow_step_execution.remaining - :remaining_1::INTEGER)
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1 RETURNING workflow_step_execution.remaining;
  -- 1 row
  -- :remaining_1 = 1
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'each'
  -- :role_1 = 'step'
  -- :status_1 = 'waiting'

  SELECT workflow_step_execution.id
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1
    AND workflow_step_execution.remaining > :remaining_1::INTEGER
  ORDER BY workflow_step_execution.item
  LIMIT :param_1::INTEGER;
  -- 0 rows
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'each'
  -- :role_1 = 'item'
  -- :status_1 = 'pending'
  -- :remaining_1 = 0
  -- :param_1 = 1

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
  -- :now = 2026-03-02 09:00:07Z
  -- :param_1 = 2

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
  -- :new_input = {"parameters": {"n": 2}}
  -- :new_lease_token = lease_token#3
  -- :new_lease_until = 2026-03-02 09:00:37Z
  -- :new_leased_by = 'inline'
  -- :new_deliveries = 1
  -- :new_wake_at = NULL
  -- :new_agent_execution_id = NULL
  -- :new_started_at = 2026-03-02 09:00:07Z
  -- :of_id = record#5
  -- :of_status = 'pending'

  UPDATE workflow_execution
  SET open_steps=:new_open_steps::INTEGER,
      log_sequence=:new_log_sequence::INTEGER,
      wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE,
                                                lock_version=:new_lock_version::INTEGER
  WHERE workflow_execution.id = :of_id::UUID
    AND workflow_execution.status = :of_status
    AND workflow_execution.lock_version = :of_version::INTEGER;
  -- 1 row
  -- :new_open_steps = 2
  -- :new_log_sequence = 9
  -- :new_wake_at = 2026-03-02 09:00:37Z
  -- :new_lock_version = 4
  -- :of_id = record#1
  -- :of_status = 'running'
  -- :of_version = 3

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 2: 1 row each
  -- :id = lifecycle_event#12, lifecycle_event#10
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution'
  -- :record_id = record#4, record#5
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_step_execution'
  -- :of_id = record#4, record#5
  -- :from_status = 'running', 'pending'
  -- :to_status = 'completed', 'running'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:07Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 2: 2 rows
  -- :id = workflow_execution_log#7, workflow_execution_log#8
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 8, 9
  -- :level = 'info'
  -- :event = 'step_completed', 'step_started'
  -- :message = 'each completed', 'each started'
  -- :step_key = 'each'
  -- :context = {"item": 1, "role": "item"}, {"item": 2, "role": "item"}
  -- :timestamp = 2026-03-02 09:00:07Z

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
  -- :new_output = {"n": 4}
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:08Z
  -- :new_duration_seconds = 1
  -- :of_id = record#5
  -- :of_status = 'running'
  -- :of_token = lease_token#3

  UPDATE workflow_step_execution
  SET remaining=(workflow_step_execution.remaining - :remaining_1::INTEGER)
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
    AND workflow_step_execution.status = :status_1 RETURNING workflow_step_execution.remaining;
  -- 1 row
  -- :remaining_1 = 1
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'each'
  -- :role_1 = 'step'
  -- :status_1 = 'waiting'

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
  -- :step_key_1 = 'each'
  -- :role_1 = 'step'
  -- :status_1 = 'waiting'

  SELECT workflow_step_execution.item,
         workflow_step_execution.status,
         workflow_step_execution.output
  FROM workflow_step_execution
  WHERE workflow_step_execution.execution_id = :execution_id_1::UUID
    AND workflow_step_execution.step_key = :step_key_1::VARCHAR
    AND workflow_step_execution.role = :role_1
  ORDER BY workflow_step_execution.item,
           workflow_step_execution.attempt;
  -- 3 rows
  -- :execution_id_1 = record#1
  -- :step_key_1 = 'each'
  -- :role_1 = 'item'

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
  -- :new_outcome = NULL
  -- :new_output = [{"n": 6}, {"n": 2}, {"n": 4}]
  -- :new_lease_until = NULL
  -- :new_wake_at = NULL
  -- :new_completed_at = 2026-03-02 09:00:08Z
  -- :new_duration_seconds = 3
  -- :of_id = record#2
  -- :of_status = 'waiting'

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
  -- :keys = ('each')
  -- :role_1 = 'step'
  -- :status_1 = ('pending', 'running')

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
  -- :new_outputs = {"all": [{"n": 6}, {"n": 2}, {"n": 4}]}
  -- :new_open_steps = 0
  -- :new_log_sequence = 12
  -- :new_wake_at = NULL
  -- :new_lock_version = 5
  -- :new_completed_at = 2026-03-02 09:00:08Z
  -- :new_duration_seconds = 3
  -- :of_id = record#1
  -- :of_status = 'running'
  -- :of_version = 4

  INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
  VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
  -- x 3: 1 row each
  -- :id = lifecycle_event#13, lifecycle_event#15, lifecycle_event#2
  -- :workspace_id = workspace#1
  -- :record_kind = 'workflow_step_execution', 'workflow_step_execution', 'workflow_execution'
  -- :record_id = record#5, record#2, record#1
  -- :coalesce_1 = 0
  -- :coalesce_2 = 1
  -- :of_kind = 'workflow_step_execution', 'workflow_step_execution', 'workflow_execution'
  -- :of_id = record#5, record#2, record#1
  -- :from_status = 'running', 'waiting', 'running'
  -- :to_status = 'completed'
  -- :actor_id = NULL
  -- :reason = NULL
  -- :at = 2026-03-02 09:00:08Z
  -- :actor_agent_id = NULL

  INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
  VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
  -- x 3: 3 rows
  -- :id = workflow_execution_log#9, workflow_execution_log#10, workflow_execution_log#11
  -- :workspace_id = workspace#1
  -- :execution_id = record#1
  -- :sequence = 10, 11, 12
  -- :level = 'info'
  -- :event = 'step_completed', 'step_completed', 'execution_completed'
  -- :message = 'each completed', 'each completed', 'completed'
  -- :step_key = 'each', 'each', NULL
  -- :context = {"item": 2, "role": "item"}, {}, {}
  -- :timestamp = 2026-03-02 09:00:08Z

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
  -- :wake_at_1 = 2026-03-02 09:00:09Z
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
