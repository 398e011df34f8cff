SELECT spread.triggered_by,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT waits.triggered_by AS triggered_by,
          count(*) AS samples,
          avg(CAST(waits.seconds AS FLOAT(53))) AS mean,
          min(CAST(waits.seconds AS FLOAT(53))) AS minimum,
          percentile_cont(:param_1) WITHIN GROUP (
                                                  ORDER BY CAST(waits.seconds AS FLOAT(53))) AS median,
                                                 percentile_cont(:param_2) WITHIN GROUP (
                                                                                         ORDER BY CAST(waits.seconds AS FLOAT(53))) AS p95,
                                                                                        percentile_cont(:param_3) WITHIN GROUP (
                                                                                                                                ORDER BY CAST(waits.seconds AS FLOAT(53))) AS p99,
                                                                                                                               max(CAST(waits.seconds AS FLOAT(53))) AS maximum
   FROM
     (SELECT agent_execution.triggered_by AS triggered_by,
             CAST((CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_4 AS FLOAT(53)) AS seconds,
             (CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS microseconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1::UUID
        AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
        AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE) AS waits
   WHERE waits.seconds IS NOT NULL
   GROUP BY waits.triggered_by) AS spread
ORDER BY spread.triggered_by COLLATE "C";
-- 9 rows
-- :param_1 = 0.5
-- :param_2 = 0.95
-- :param_3 = 0.99
-- :param_4 = 1000000
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
