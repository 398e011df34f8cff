SELECT spread.triggered_by,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ordered.triggered_by AS triggered_by,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT waits.triggered_by AS triggered_by,
             count(*) AS samples,
             avg(CAST(waits.seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(waits.seconds AS FLOAT(53))) AS found
      FROM
        (SELECT agent_execution.triggered_by AS triggered_by,
                CAST((CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS seconds,
                (CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS microseconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1::UUID
           AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
           AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE) AS waits
      WHERE waits.seconds IS NOT NULL
      GROUP BY waits.triggered_by) AS ordered) AS spread
ORDER BY spread.triggered_by COLLATE "C";
-- 9 rows
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
