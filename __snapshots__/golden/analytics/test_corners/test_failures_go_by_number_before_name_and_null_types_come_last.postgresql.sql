INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, error_type, failed_step, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :error_type::VARCHAR, :failed_step::VARCHAR, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s1
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s1
-- :version_id = workflow_version#s1
-- :status = 'failed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :error_type = 'OSError'
-- :failed_step = 'fetch'
-- :depth = 0
-- :debugged = false
-- :open_steps = 0
-- :log_sequence = 0
-- :lock_version = 1
-- :created_at = 2026-01-05 05:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z
-- :tolerates_skips = false

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, error_type, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :error_type::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s1
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s1
-- :step_key = 'fetch'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'failed'
-- :remaining = 0
-- :taken = 0
-- :error_type = 'OSError'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, error_type, failed_step, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :error_type::VARCHAR, :failed_step::VARCHAR, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s2
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s1
-- :version_id = workflow_version#s1
-- :status = 'failed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :error_type = 'OSError'
-- :failed_step = 'fetch'
-- :depth = 0
-- :debugged = false
-- :open_steps = 0
-- :log_sequence = 0
-- :lock_version = 1
-- :created_at = 2026-01-05 05:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z
-- :tolerates_skips = false

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, error_type, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :error_type::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s2
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s2
-- :step_key = 'fetch'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'failed'
-- :remaining = 0
-- :taken = 0
-- :error_type = 'OSError'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, error_type, failed_step, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :error_type::VARCHAR, :failed_step::VARCHAR, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s3
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s1
-- :version_id = workflow_version#s1
-- :status = 'failed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :error_type = 'OSError'
-- :failed_step = 'fetch'
-- :depth = 0
-- :debugged = false
-- :open_steps = 0
-- :log_sequence = 0
-- :lock_version = 1
-- :created_at = 2026-01-05 05:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z
-- :tolerates_skips = false

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, error_type, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :error_type::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s3
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s3
-- :step_key = 'fetch'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'failed'
-- :remaining = 0
-- :taken = 0
-- :error_type = 'OSError'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, failed_step, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :failed_step::VARCHAR, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s4
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s2
-- :version_id = workflow_version#s1
-- :status = 'failed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :failed_step = 'fetch'
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
-- 1 row
-- :id = workflow_step_execution#s4
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s4
-- :step_key = 'fetch'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'failed'
-- :remaining = 0
-- :taken = 0
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, error_type, failed_step, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :error_type::VARCHAR, :failed_step::VARCHAR, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s5
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s2
-- :version_id = workflow_version#s1
-- :status = 'failed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :error_type = 'OSError'
-- :failed_step = 'fetch'
-- :depth = 0
-- :debugged = false
-- :open_steps = 0
-- :log_sequence = 0
-- :lock_version = 1
-- :created_at = 2026-01-05 05:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z
-- :tolerates_skips = false

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, error_type, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :error_type::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s5
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s5
-- :step_key = 'fetch'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'failed'
-- :remaining = 0
-- :taken = 0
-- :error_type = 'OSError'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, error_type, failed_step, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :error_type::VARCHAR, :failed_step::VARCHAR, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s6
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s2
-- :version_id = workflow_version#s1
-- :status = 'failed'
-- :triggered_by = 'manual'
-- :input_data = {}
-- :variables = {}
-- :error_type = 'IOError'
-- :failed_step = 'fetch'
-- :depth = 0
-- :debugged = false
-- :open_steps = 0
-- :log_sequence = 0
-- :lock_version = 1
-- :created_at = 2026-01-05 05:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z
-- :tolerates_skips = false

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, error_type, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :error_type::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s6
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s6
-- :step_key = 'fetch'
-- :kind = 'task'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'failed'
-- :remaining = 0
-- :taken = 0
-- :error_type = 'IOError'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

SELECT workflow.name AS workflow,
       failed.failed_step,
       failed.error_type,
       failed.failures,
       failed.share,
       failed.last_seen
FROM workflow
JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          workflow_execution.failed_step AS failed_step,
          workflow_execution.error_type AS error_type,
          count(*) AS failures,
          CAST(count(*) AS FLOAT(53)) / CAST(CAST(nullif(sum(count(*)) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share,
          max(coalesce(workflow_execution.completed_at, workflow_execution.created_at)) AS last_seen
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.status IN (... 1)
   GROUP BY workflow_execution.workflow_id,
            workflow_execution.failed_step,
            workflow_execution.error_type) AS failed ON workflow.id = failed.workflow_id
AND workflow.workspace_id = :workspace_id_2::UUID
ORDER BY failed.failures DESC,
         workflow.name COLLATE "C",
                               failed.failed_step COLLATE "C" ASC NULLS LAST,
                                                          failed.error_type COLLATE "C" ASC NULLS LAST;
-- 4 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 05:00:00Z
-- :created_at_2 = 2026-01-05 05:00:00.000001Z
-- :status_1 = ('failed')
-- :workspace_id_2 = workspace#s1
