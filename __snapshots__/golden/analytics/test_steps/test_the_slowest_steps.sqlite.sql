SELECT workflow.id AS workflow_id,
       workflow.name AS workflow,
       spread.step_key,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM workflow
JOIN
  (SELECT ranked.workflow_id AS workflow_id,
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
     (SELECT finished.workflow_id AS workflow_id,
             finished.step_key AS step_key,
             CAST(finished.duration_seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY finished.workflow_id, finished.step_key
                                ORDER BY CAST(finished.duration_seconds AS FLOAT)) - :param_13 AS rank,
             count(*) OVER (PARTITION BY finished.workflow_id, finished.step_key) - :param_14 AS last,
             avg(CAST(finished.duration_seconds AS FLOAT)) OVER (PARTITION BY finished.workflow_id, finished.step_key) AS mean
      FROM
        (SELECT workflow_execution.workflow_id AS workflow_id,
                workflow_step_execution.step_key AS step_key,
                workflow_step_execution.duration_seconds AS duration_seconds
         FROM workflow_step_execution
         JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
         WHERE workflow_execution.workspace_id = :workspace_id_1
           AND workflow_execution.created_at >= :created_at_1
           AND workflow_execution.created_at < :created_at_2
           AND workflow_step_execution.workspace_id = :workspace_id_2
           AND workflow_step_execution.role = :role_1
           AND workflow_step_execution.status IN (... 2 :status_1)) AS finished
      WHERE finished.duration_seconds IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_15 AS BIGINT) IN (... 2 :param_16)
     OR ranked.rank - CAST(ranked.last * :param_17 AS BIGINT) IN (... 2 :param_18)
     OR ranked.rank - CAST(ranked.last * :param_19 AS BIGINT) IN (... 2 :param_20)
   GROUP BY ranked.workflow_id,
            ranked.step_key) AS spread ON workflow.id = spread.workflow_id
ORDER BY spread.mean DESC,
         workflow.name,
         spread.step_key
LIMIT :param_21
OFFSET :param_22;
-- 3 rows
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
-- :workspace_id_2 = workspace#1
-- :role_1 = 'step'
-- :status_1 = ('completed', 'compensated')
-- :rank_1 = 0
-- :param_15 = 0.5
-- :param_16 = (0, 1)
-- :param_17 = 0.95
-- :param_18 = (0, 1)
-- :param_19 = 0.99
-- :param_20 = (0, 1)
-- :param_21 = 3
-- :param_22 = 0
