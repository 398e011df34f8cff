SELECT spread.routing_decision,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT resolved.routing_decision AS routing_decision,
          count(*) AS samples,
          avg(CAST(resolved.seconds AS FLOAT(53))) AS mean,
          min(CAST(resolved.seconds AS FLOAT(53))) AS minimum,
          percentile_cont(:param_1) WITHIN GROUP (
                                                  ORDER BY CAST(resolved.seconds AS FLOAT(53))) AS median,
                                                 percentile_cont(:param_2) WITHIN GROUP (
                                                                                         ORDER BY CAST(resolved.seconds AS FLOAT(53))) AS p95,
                                                                                        percentile_cont(:param_3) WITHIN GROUP (
                                                                                                                                ORDER BY CAST(resolved.seconds AS FLOAT(53))) AS p99,
                                                                                                                               max(CAST(resolved.seconds AS FLOAT(53))) AS maximum
   FROM
     (SELECT blocked_trigger.routing_decision AS routing_decision,
             CAST((CAST(date_part('epoch', blocked_trigger.resolved_at - blocked_trigger.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_4 AS FLOAT(53)) AS seconds
      FROM blocked_trigger
      WHERE blocked_trigger.workspace_id = :workspace_id_1::UUID
        AND blocked_trigger.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
        AND blocked_trigger.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
        AND blocked_trigger.resolved_at IS NOT NULL) AS resolved
   WHERE resolved.seconds IS NOT NULL
   GROUP BY resolved.routing_decision) AS spread
ORDER BY CASE
             WHEN (spread.routing_decision = :routing_decision_1) THEN :param_5::INTEGER
             WHEN (spread.routing_decision = :routing_decision_2) THEN :param_6::INTEGER
             WHEN (spread.routing_decision = :routing_decision_3) THEN :param_7::INTEGER
             WHEN (spread.routing_decision = :routing_decision_4) THEN :param_8::INTEGER
         END;
-- 1 row
-- :param_1 = 0.5
-- :param_2 = 0.95
-- :param_3 = 0.99
-- :param_4 = 1000000
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :routing_decision_1 = 'training'
-- :param_5 = 0
-- :routing_decision_2 = 'proposal'
-- :param_6 = 1
-- :routing_decision_3 = 'supervision'
-- :param_7 = 2
-- :routing_decision_4 = 'execution'
-- :param_8 = 3
