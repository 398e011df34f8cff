INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s1
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

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, outcome, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :outcome::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s1
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s1
-- :step_key = 'decide'
-- :kind = 'condition'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'completed'
-- :remaining = 0
-- :taken = 0
-- :outcome = 'b'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s2
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

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, outcome, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :outcome::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s2
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s2
-- :step_key = 'decide'
-- :kind = 'condition'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'completed'
-- :remaining = 0
-- :taken = 0
-- :outcome = 'a'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s3
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
-- 1 row
-- :id = workflow_step_execution#s3
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s3
-- :step_key = 'decide'
-- :kind = 'condition'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'completed'
-- :remaining = 0
-- :taken = 0
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, input_data, variables, depth, debugged, open_steps, log_sequence, lock_version, created_at, started_at, completed_at, tolerates_skips)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :version_id::UUID, :status, :triggered_by, :input_data::JSON, :variables::JSON, :depth::INTEGER, :debugged, :open_steps::INTEGER, :log_sequence::INTEGER, :lock_version::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE, :tolerates_skips);
-- 1 row
-- :id = workflow_execution#s4
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

INSERT INTO workflow_step_execution (id, workspace_id, execution_id, step_key, kind, role, item, attempt, position, status, remaining, taken, outcome, idempotency_key, deliveries, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :step_key::VARCHAR, :kind, :role, :item::INTEGER, :attempt::INTEGER, :position::INTEGER, :status, :remaining::INTEGER, :taken::INTEGER, :outcome::VARCHAR, :idempotency_key::VARCHAR, :deliveries::INTEGER, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = workflow_step_execution#s4
-- :workspace_id = workspace#s1
-- :execution_id = workflow_execution#s4
-- :step_key = 'decide'
-- :kind = 'condition'
-- :role = 'step'
-- :item = 0
-- :attempt = 1
-- :position = 0
-- :status = 'completed'
-- :remaining = 0
-- :taken = 0
-- :outcome = 'B'
-- :idempotency_key = ''
-- :deliveries = 0
-- :created_at = 2026-01-05 00:00:00Z
-- :started_at = 2026-01-05 00:00:00Z
-- :completed_at = 2026-01-05 01:00:00Z

SELECT workflow.name AS workflow,
       decisions.step_key,
       decisions.branch,
       decisions.times,
       decisions.share
FROM workflow
JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          workflow_step_execution.step_key AS step_key,
          workflow_step_execution.outcome AS branch,
          count(*) AS times,
          CAST(count(*) AS FLOAT(53)) / CAST(CAST(nullif(sum(count(*)) OVER (PARTITION BY workflow_execution.workflow_id, workflow_step_execution.step_key), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share
   FROM workflow_step_execution
   JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
     AND workflow_step_execution.workspace_id = :workspace_id_2::UUID
     AND workflow_step_execution.role = :role_1
     AND workflow_step_execution.kind = :kind_1
     AND workflow_step_execution.status IN (... 2)
   GROUP BY workflow_execution.workflow_id,
            workflow_step_execution.step_key,
            workflow_step_execution.outcome) AS decisions ON workflow.id = decisions.workflow_id
AND workflow.workspace_id = :workspace_id_3::UUID
ORDER BY workflow.name COLLATE "C",
                               decisions.step_key COLLATE "C",
                                                          decisions.times DESC,
                                                          decisions.branch COLLATE "C" ASC NULLS LAST;
-- 4 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 05:00:00Z
-- :created_at_2 = 2026-01-05 05:00:00.000001Z
-- :workspace_id_2 = workspace#s1
-- :role_1 = 'step'
-- :kind_1 = 'condition'
-- :status_1 = ('completed', 'compensated')
-- :workspace_id_3 = workspace#s1
