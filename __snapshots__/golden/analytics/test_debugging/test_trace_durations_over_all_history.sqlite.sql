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
  (SELECT ranked.workflow AS workflow,
          ranked.step_key AS step_key,
          coalesce(max(ranked.last) + :max_1, :coalesce_1) AS samples,
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
     (SELECT traced.workflow AS workflow,
             traced.step_key AS step_key,
             CAST(traced.duration_seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY traced.workflow, traced.step_key
                                ORDER BY CAST(traced.duration_seconds AS FLOAT)) - :param_13 AS rank,
             count(*) OVER (PARTITION BY traced.workflow, traced.step_key) - :param_14 AS last,
             avg(CAST(traced.duration_seconds AS FLOAT)) OVER (PARTITION BY traced.workflow, traced.step_key) AS mean
      FROM
        (SELECT coalesce(execution_trace.workflow, workflow.name) AS workflow,
                execution_trace.step_key AS step_key,
                execution_trace.duration_seconds AS duration_seconds
         FROM execution_trace
         JOIN debug_session ON debug_session.id = execution_trace.session_id
         JOIN workflow ON workflow.id = debug_session.workflow_id
         WHERE execution_trace.workspace_id = :workspace_id_1
           AND 1 = 1) AS traced
      WHERE traced.duration_seconds IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_15 AS BIGINT) IN (... 2 :param_16)
     OR ranked.rank - CAST(ranked.last * :param_17 AS BIGINT) IN (... 2 :param_18)
     OR ranked.rank - CAST(ranked.last * :param_19 AS BIGINT) IN (... 2 :param_20)
   GROUP BY ranked.workflow,
            ranked.step_key) AS spread
ORDER BY spread.mean DESC,
         spread.workflow,
         spread.step_key;
-- 5 rows
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
-- :rank_1 = 0
-- :param_15 = 0.5
-- :param_16 = (0, 1)
-- :param_17 = 0.95
-- :param_18 = (0, 1)
-- :param_19 = 0.99
-- :param_20 = (0, 1)
