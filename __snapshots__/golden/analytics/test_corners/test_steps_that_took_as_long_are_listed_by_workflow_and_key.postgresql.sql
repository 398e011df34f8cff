INSERT INTO execution_trace (id, workspace_id, session_id, sequence, step_key, item, attempt, status, variables_before, variables_after, diff, started_at, duration_seconds, workflow)
VALUES (:id::UUID, :workspace_id::UUID, :session_id::UUID, :sequence::INTEGER, :step_key::VARCHAR, :item::INTEGER, :attempt::INTEGER, :status::VARCHAR, :variables_before::JSON, :variables_after::JSON, :diff::JSON, :started_at::TIMESTAMP WITH TIME ZONE, :duration_seconds, :workflow::VARCHAR);
-- x 4: 4 rows
-- :id = execution_trace#s1, execution_trace#s2, execution_trace#s3, execution_trace#s4
-- :workspace_id = workspace#s1
-- :session_id = debug_session#s1
-- :sequence = 90, 91, 92, 93
-- :step_key = 'b', 'a', 'a', 'B'
-- :item = 0
-- :attempt = 1
-- :status = 'completed'
-- :variables_before = {}
-- :variables_after = {}
-- :diff = {}
-- :started_at = 2026-01-05 05:00:00Z
-- :duration_seconds = 2
-- :workflow = 'Billing', 'Onboarding', 'Billing', 'Billing'

SELECT spread.workflow,
       spread.step_key,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ordered.workflow AS workflow,
          ordered.step_key AS step_key,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT traced.workflow AS workflow,
             traced.step_key AS step_key,
             count(*) AS samples,
             avg(CAST(traced.duration_seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(traced.duration_seconds AS FLOAT(53))) AS found
      FROM
        (SELECT coalesce(execution_trace.workflow, workflow.name) AS workflow,
                execution_trace.step_key AS step_key,
                execution_trace.duration_seconds AS duration_seconds
         FROM execution_trace
         JOIN debug_session ON debug_session.id = execution_trace.session_id
         AND debug_session.workspace_id = :workspace_id_1::UUID
         JOIN workflow ON workflow.id = debug_session.workflow_id
         AND workflow.workspace_id = :workspace_id_2::UUID
         WHERE execution_trace.workspace_id = :workspace_id_3::UUID
           AND execution_trace.started_at >= :started_at_1::TIMESTAMP WITH TIME ZONE
           AND execution_trace.started_at < :started_at_2::TIMESTAMP WITH TIME ZONE) AS traced
      WHERE traced.duration_seconds IS NOT NULL
      GROUP BY traced.workflow,
               traced.step_key) AS ordered) AS spread
ORDER BY spread.mean DESC,
         spread.workflow COLLATE "C",
                                 spread.step_key COLLATE "C";
-- 4 rows
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :workspace_id_3 = workspace#s1
-- :started_at_1 = 2026-01-05 05:00:00Z
-- :started_at_2 = 2026-01-05 05:00:00.000001Z
