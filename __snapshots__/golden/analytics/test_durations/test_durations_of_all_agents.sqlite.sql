SELECT spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT coalesce(max(ranked.last) + :max_1, :coalesce_1) AS samples,
          max(ranked.mean) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT) + :param_2) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_4 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT) + :param_6) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_7 - CAST(ranked.last * :param_8 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT) + :param_10) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_11 - CAST(ranked.last * :param_12 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT CAST(finished.duration_seconds AS FLOAT) AS number,
             row_number() OVER (
                                ORDER BY CAST(finished.duration_seconds AS FLOAT)) - :param_13 AS rank,
             count(*) OVER () - :param_14 AS last,
             avg(CAST(finished.duration_seconds AS FLOAT)) OVER () AS mean
      FROM
        (SELECT +agent_execution.agent_id AS agent_id,
                 agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND agent_execution.created_at >= :created_at_1
           AND agent_execution.created_at < :created_at_2
           AND +agent_execution.status IN (... 1 :param_15)) AS finished
      WHERE finished.duration_seconds IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_16 AS BIGINT) IN (... 2 :param_17)
     OR ranked.rank - CAST(ranked.last * :param_18 AS BIGINT) IN (... 2 :param_19)
     OR ranked.rank - CAST(ranked.last * :param_20 AS BIGINT) IN (... 2 :param_21)) AS spread;
-- 1 row
-- :max_1 = 1
-- :coalesce_1 = 0
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.5
-- :param_4 = 0.5
-- :param_5 = 0.95
-- :param_6 = 1
-- :param_7 = 0.95
-- :param_8 = 0.95
-- :param_9 = 0.99
-- :param_10 = 1
-- :param_11 = 0.99
-- :param_12 = 0.99
-- :param_13 = 1
-- :param_14 = 1
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :param_15 = ('completed')
-- :rank_1 = 0
-- :param_16 = 0.5
-- :param_17 = (0, 1)
-- :param_18 = 0.95
-- :param_19 = (0, 1)
-- :param_20 = 0.99
-- :param_21 = (0, 1)
