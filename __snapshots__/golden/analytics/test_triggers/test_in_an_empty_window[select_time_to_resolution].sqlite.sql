SELECT spread.routing_decision,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ranked.routing_decision AS routing_decision,
          count(*) AS samples,
          avg(ranked.number) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_1 AS BIGINT) + :param_2, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_1 - CAST(ranked.last * :param_1 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_3 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_3 AS BIGINT) + :param_4, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_3 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_3 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_5 AS BIGINT) + :param_6, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_5 - CAST(ranked.last * :param_5 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT resolved.routing_decision AS routing_decision,
             CAST(resolved.seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY resolved.routing_decision
                                ORDER BY CAST(resolved.seconds AS FLOAT)) - :param_7 AS rank,
             count(*) OVER (PARTITION BY resolved.routing_decision) - :param_8 AS last
      FROM
        (SELECT blocked_trigger.routing_decision AS routing_decision,
                CAST((unixepoch(substr(blocked_trigger.resolved_at, 1, 19)) * 1000000 + CAST(substr(blocked_trigger.resolved_at, 21, 6) AS INTEGER)) - (unixepoch(substr(blocked_trigger.created_at, 1, 19)) * 1000000 + CAST(substr(blocked_trigger.created_at, 21, 6) AS INTEGER)) AS FLOAT) / (:param_9 + 0.0) AS seconds
         FROM blocked_trigger
         WHERE blocked_trigger.workspace_id = :workspace_id_1
           AND blocked_trigger.created_at >= :created_at_1
           AND blocked_trigger.created_at < :created_at_2
           AND blocked_trigger.resolved_at IS NOT NULL) AS resolved
      WHERE resolved.seconds IS NOT NULL) AS ranked
   GROUP BY ranked.routing_decision) AS spread
ORDER BY CASE
             WHEN (spread.routing_decision = :routing_decision_1) THEN :param_10
             WHEN (spread.routing_decision = :routing_decision_2) THEN :param_11
             WHEN (spread.routing_decision = :routing_decision_3) THEN :param_12
             WHEN (spread.routing_decision = :routing_decision_4) THEN :param_13
         END;
-- 0 rows
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.95
-- :param_4 = 1
-- :param_5 = 0.99
-- :param_6 = 1
-- :param_7 = 1
-- :param_8 = 1
-- :param_9 = 1000000
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-05 00:00:00Z
-- :routing_decision_1 = 'training'
-- :param_10 = 0
-- :routing_decision_2 = 'proposal'
-- :param_11 = 1
-- :routing_decision_3 = 'supervision'
-- :param_12 = 2
-- :routing_decision_4 = 'execution'
-- :param_13 = 3
