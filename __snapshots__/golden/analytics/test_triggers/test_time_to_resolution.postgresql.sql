SELECT spread.routing_decision,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ordered.routing_decision AS routing_decision,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT resolved.routing_decision AS routing_decision,
             count(*) AS samples,
             avg(CAST(resolved.seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(resolved.seconds AS FLOAT(53))) AS found
      FROM
        (SELECT blocked_trigger.routing_decision AS routing_decision,
                CAST((CAST(date_part('epoch', blocked_trigger.resolved_at - blocked_trigger.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS seconds
         FROM blocked_trigger
         WHERE blocked_trigger.workspace_id = :workspace_id_1::UUID
           AND blocked_trigger.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
           AND blocked_trigger.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
           AND blocked_trigger.resolved_at IS NOT NULL) AS resolved
      WHERE resolved.seconds IS NOT NULL
      GROUP BY resolved.routing_decision) AS ordered) AS spread
ORDER BY CASE
             WHEN (spread.routing_decision = :routing_decision_1) THEN :param_3::INTEGER
             WHEN (spread.routing_decision = :routing_decision_2) THEN :param_4::INTEGER
             WHEN (spread.routing_decision = :routing_decision_3) THEN :param_5::INTEGER
             WHEN (spread.routing_decision = :routing_decision_4) THEN :param_6::INTEGER
         END;
-- 3 rows
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
-- :routing_decision_1 = 'training'
-- :param_3 = 0
-- :routing_decision_2 = 'proposal'
-- :param_4 = 1
-- :routing_decision_3 = 'supervision'
-- :param_5 = 2
-- :routing_decision_4 = 'execution'
-- :param_6 = 3
