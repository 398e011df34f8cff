SELECT spread.triggered_by,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ranked.triggered_by AS triggered_by,
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
     (SELECT waits.triggered_by AS triggered_by,
             CAST(waits.seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY waits.triggered_by
                                ORDER BY CAST(waits.seconds AS FLOAT)) - :param_7 AS rank,
             count(*) OVER (PARTITION BY waits.triggered_by) - :param_8 AS last
      FROM
        (SELECT agent_execution.triggered_by AS triggered_by,
                CAST((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER)) AS FLOAT) / (:param_9 + 0.0) AS seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND agent_execution.created_at >= :created_at_1
           AND agent_execution.created_at < :created_at_2
           AND agent_execution.started_at IS NOT NULL) AS waits
      WHERE waits.seconds IS NOT NULL) AS ranked
   GROUP BY ranked.triggered_by) AS spread
ORDER BY spread.triggered_by;
-- 9 rows
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
-- :created_at_2 = 2026-01-12 00:00:00Z
