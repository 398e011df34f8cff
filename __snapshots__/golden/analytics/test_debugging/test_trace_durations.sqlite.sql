SELECT workflow.name AS workflow,
       spread.step_key,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ranked.workflow_id AS workflow_id,
          ranked.step_key AS step_key,
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
     (SELECT traced.workflow_id AS workflow_id,
             traced.step_key AS step_key,
             CAST(traced.duration_seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY traced.workflow_id, traced.step_key
                                ORDER BY CAST(traced.duration_seconds AS FLOAT)) - :param_7 AS rank,
             count(*) OVER (PARTITION BY traced.workflow_id, traced.step_key) - :param_8 AS last
      FROM
        (SELECT debug_session.workflow_id AS workflow_id,
                execution_trace.step_key AS step_key,
                execution_trace.duration_seconds AS duration_seconds
         FROM execution_trace
         JOIN debug_session ON debug_session.id = execution_trace.session_id
         WHERE execution_trace.workspace_id = :workspace_id_1
           AND execution_trace.started_at >= :started_at_1
           AND execution_trace.started_at < :started_at_2) AS traced
      WHERE traced.duration_seconds IS NOT NULL) AS ranked
   GROUP BY ranked.workflow_id,
            ranked.step_key) AS spread
JOIN workflow ON workflow.id = spread.workflow_id
ORDER BY spread.mean DESC,
         workflow.name,
         spread.step_key;
-- 3 rows
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.95
-- :param_4 = 1
-- :param_5 = 0.99
-- :param_6 = 1
-- :param_7 = 1
-- :param_8 = 1
-- :workspace_id_1 = workspace#s1
-- :started_at_1 = 2026-01-05 00:00:00Z
-- :started_at_2 = 2026-01-12 00:00:00Z
