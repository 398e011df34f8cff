INSERT INTO workflow_version (id, workspace_id, workflow_id, version, definition, digest, created_at)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version::INTEGER, :definition::JSON, :digest::VARCHAR, :created_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_version#s1
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s1
-- :version = 9
-- :definition = {}
-- :digest = '9'
-- :created_at = 2026-03-02 09:00:00Z

INSERT INTO workflow_step (id, workspace_id, version_id, position, key, kind, name, parameters, depends_on, continue_on_error)
VALUES (:id::UUID, :workspace_id::UUID, :version_id::UUID, :position::INTEGER, :key::VARCHAR, :kind, :name::VARCHAR, :parameters::JSON, :depends_on::JSON, :continue_on_error);
-- 1 row
-- :id = workflow_step#s1
-- :workspace_id = workspace#s1
-- :version_id = workflow_version#s1
-- :position = 4
-- :key = 'close'
-- :kind = 'task'
-- :name = ''
-- :parameters = {}
-- :depends_on = []
-- :continue_on_error = false

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = execution#1
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s1
-- :version_id = workflow_version#s2
-- :status = 'completed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :depth = 0
-- :debugged = false
-- :open_steps = 0
-- :log_sequence = 0
-- :lock_version = 1
-- :created_at = 2026-01-05 05:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z
-- :tolerates_skips = false

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- x 2: 1 row each
-- :id = workflow_step_execution#s1, workflow_step_execution#s2
-- :workspace_id = workspace#s1
-- :execution_id = execution#1
-- :step_key = 'send', 'close'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 2, 4
-- :status = 'completed'
-- :remaining = 0
-- :taken = 0
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z, 2026-01-05 01:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z, 2026-01-05 02:00:00Z

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, created_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s3
-- :workspace_id = workspace#s1
-- :execution_id = execution#1
-- :step_key = 'hold'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 3
-- :status = 'cancelled'
-- :remaining = 0
-- :taken = 0
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 03:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = execution#2
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s1
-- :version_id = workflow_version#s1
-- :status = 'completed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :depth = 0
-- :debugged = false
-- :open_steps = 0
-- :log_sequence = 0
-- :lock_version = 1
-- :created_at = 2026-01-05 05:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z
-- :tolerates_skips = false

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- x 2: 1 row each
-- :id = workflow_step_execution#s4, workflow_step_execution#s5
-- :workspace_id = workspace#s1
-- :execution_id = execution#2
-- :step_key = 'send', 'close'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 2, 4
-- :status = 'completed'
-- :remaining = 0
-- :taken = 0
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z, 2026-01-05 01:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z, 2026-01-05 02:00:00Z

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, idempotency_key, deliveries, created_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s6
-- :workspace_id = workspace#s1
-- :execution_id = execution#2
-- :step_key = 'hold'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 3
-- :status = 'cancelled'
-- :remaining = 0
-- :taken = 0
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 03:00:00Z

WITH RECURSIVE spans AS
  (SELECT workflow_step_execution.execution_id AS execution_id,
          workflow_execution.version_id AS version_id,
          workflow_step_execution.step_key AS step_key,
          min(workflow_step_execution.started_at) AS started_at,
          max(workflow_step_execution.completed_at) AS completed_at,
          max(workflow_step_execution.position) AS position
   FROM workflow_step_execution
   JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
     AND workflow_step_execution.workspace_id = :workspace_id_2::UUID
     AND workflow_step_execution.role = :role_1
     AND workflow_step_execution.started_at IS NOT NULL
     AND workflow_step_execution.completed_at IS NOT NULL
     AND workflow_step_execution.status != :status_1
   GROUP BY workflow_step_execution.execution_id,
            workflow_execution.version_id,
            workflow_step_execution.step_key),
               before_it AS
  (SELECT ranked.execution_id AS execution_id,
          ranked.step_key AS step_key,
          ranked.dependency AS dependency,
          ranked.completed_at AS completed_at,
          ranked.place AS place
   FROM
     (SELECT spans.execution_id AS execution_id,
             spans.step_key AS step_key,
             earlier.step_key AS dependency,
             earlier.completed_at AS completed_at,
             row_number() OVER (PARTITION BY spans.execution_id, spans.step_key
                                ORDER BY earlier.completed_at DESC, earlier.started_at DESC, earlier.position DESC) AS place
      FROM spans
      JOIN workflow_step ON workflow_step.version_id = spans.version_id
      AND workflow_step.key = spans.step_key
      JOIN json_array_elements_text(workflow_step.depends_on) AS needed ON :param_3
      JOIN spans AS earlier ON earlier.execution_id = spans.execution_id
      AND earlier.step_key = needed.value
      WHERE workflow_step.workspace_id = :workspace_id_3::UUID) AS ranked
   WHERE ranked.place = :place_2::INTEGER),
               path(execution_id, step_key, back) AS
  (SELECT last.execution_id AS execution_id,
          last.step_key AS step_key,
          :param_2::INTEGER AS back
   FROM
     (SELECT spans.execution_id AS execution_id,
             spans.step_key AS step_key,
             row_number() OVER (PARTITION BY spans.execution_id
                                ORDER BY spans.completed_at DESC, spans.started_at DESC, spans.position DESC) AS place
      FROM spans) AS last
   WHERE last.place = :place_1::INTEGER
   UNION ALL SELECT before_it.execution_id AS execution_id,
                    before_it.dependency AS dependency,
                    path.back + :back_1::INTEGER AS anon_1
   FROM before_it
   JOIN path ON path.execution_id = before_it.execution_id
   AND path.step_key = before_it.step_key)
SELECT path.execution_id,
       path.back,
       path.step_key,
       spans.started_at,
       spans.completed_at,
       CAST((CAST(date_part('epoch', spans.completed_at - coalesce(before_it.completed_at, spans.started_at)) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_1 AS FLOAT(53)) AS held_seconds
FROM path
JOIN spans ON spans.execution_id = path.execution_id
AND spans.step_key = path.step_key
LEFT OUTER JOIN before_it ON before_it.execution_id = path.execution_id
AND before_it.step_key = path.step_key
ORDER BY path.execution_id,
         path.back;
-- 3 rows
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 05:00:00Z
-- :created_at_2 = 2026-01-05 05:00:00.000001Z
-- :workspace_id_2 = workspace#s1
-- :role_1 = 'step'
-- :status_1 = 'skipped'
-- :param_3 = true
-- :workspace_id_3 = workspace#s1
-- :place_2 = 1
-- :param_2 = 0
-- :place_1 = 1
-- :back_1 = 1
-- :param_1 = 1000000
