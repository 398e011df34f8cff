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
           AND true) AS traced
      WHERE traced.duration_seconds IS NOT NULL
      GROUP BY traced.workflow,
               traced.step_key) AS ordered) AS spread
ORDER BY spread.mean DESC,
         spread.workflow COLLATE "C",
                                 spread.step_key COLLATE "C";
-- 5 rows
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :workspace_id_3 = workspace#1
