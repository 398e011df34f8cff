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
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_1 AS BIGINT) + :param_2, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_1 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_4 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_4 AS BIGINT) + :param_5, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_4 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_6 - CAST(ranked.last * :param_4 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_7 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_7 AS BIGINT) + :param_8, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_7 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_9 - CAST(ranked.last * :param_7 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT traced.workflow AS workflow,
             traced.step_key AS step_key,
             CAST(traced.duration_seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY traced.workflow, traced.step_key
                                ORDER BY CAST(traced.duration_seconds AS FLOAT)) - :param_10 AS rank,
             count(*) OVER (PARTITION BY traced.workflow, traced.step_key) - :param_11 AS last,
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
     OR ranked.rank - CAST(ranked.last * :param_12 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_14 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_16 AS BIGINT) IN (... 2)
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
-- :param_4 = 0.95
-- :param_5 = 1
-- :param_6 = 0.95
-- :param_7 = 0.99
-- :param_8 = 1
-- :param_9 = 0.99
-- :param_10 = 1
-- :param_11 = 1
-- :workspace_id_1 = workspace#s1
-- :rank_1 = 0
-- :param_12 = 0.5
-- :param_13 = (0, 1)
-- :param_14 = 0.95
-- :param_15 = (0, 1)
-- :param_16 = 0.99
-- :param_17 = (0, 1)
