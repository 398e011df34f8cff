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
  (SELECT traced.workflow AS workflow,
          traced.step_key AS step_key,
          count(*) AS samples,
          avg(CAST(traced.duration_seconds AS FLOAT(53))) AS mean,
          min(CAST(traced.duration_seconds AS FLOAT(53))) AS minimum,
          percentile_cont(:param_1) WITHIN GROUP (
                                                  ORDER BY CAST(traced.duration_seconds AS FLOAT(53))) AS median,
                                                 percentile_cont(:param_2) WITHIN GROUP (
                                                                                         ORDER BY CAST(traced.duration_seconds AS FLOAT(53))) AS p95,
                                                                                        percentile_cont(:param_3) WITHIN GROUP (
                                                                                                                                ORDER BY CAST(traced.duration_seconds AS FLOAT(53))) AS p99,
                                                                                                                               max(CAST(traced.duration_seconds AS FLOAT(53))) AS maximum
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
            traced.step_key) AS spread
ORDER BY spread.mean DESC,
         spread.workflow COLLATE "C",
                                 spread.step_key COLLATE "C";
-- 5 rows
-- :param_1 = 0.5
-- :param_2 = 0.95
-- :param_3 = 0.99
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :workspace_id_3 = workspace#s1
-- :started_at_1 = 2026-01-05 00:00:00Z
-- :started_at_2 = 2026-01-12 00:00:00Z
