SELECT workflow.id AS workflow_id,
       workflow.name AS workflow,
       coalesce(runs.runs, :coalesce_1) AS runs,
       coalesce(runs.outcomes, :coalesce_2) AS outcomes,
       coalesce(runs.successes, :coalesce_3) AS successes,
       coalesce(runs.failures, :coalesce_4) AS failures,
       runs.success_rate,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM workflow
LEFT OUTER JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          count(*) AS runs,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 2 :status_1)) AS outcomes,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 1 :status_2)) AS successes,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 1 :status_3)) AS failures,
          CAST(count(*) FILTER (
                                WHERE workflow_execution.status IN (... 1 :status_4)) AS FLOAT) / (CAST(nullif(count(*) FILTER (
                                                                                                                                                WHERE workflow_execution.status IN (... 2 :status_5)), :nullif_1) AS FLOAT) + 0.0) AS success_rate,
          count(DISTINCT workflow_execution.user_id) AS users,
          max(workflow_execution.created_at) AS last_at
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1
     AND workflow_execution.created_at >= :created_at_1
     AND workflow_execution.created_at < :created_at_2
   GROUP BY workflow_execution.workflow_id) AS runs ON runs.workflow_id = workflow.id
LEFT OUTER JOIN
  (SELECT ranked.workflow_id AS workflow_id,
          coalesce(max(ranked.last) + :max_1, :coalesce_5) AS samples,
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
             CAST(finished.duration_seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY finished.workflow_id
                                ORDER BY CAST(finished.duration_seconds AS FLOAT)) - :param_13 AS rank,
             count(*) OVER (PARTITION BY finished.workflow_id) - :param_14 AS last,
             avg(CAST(finished.duration_seconds AS FLOAT)) OVER (PARTITION BY finished.workflow_id) AS mean
      FROM
        (SELECT workflow_execution.workflow_id AS workflow_id,
                workflow_execution.duration_seconds AS duration_seconds
         FROM workflow_execution
         WHERE workflow_execution.workspace_id = :workspace_id_1
           AND workflow_execution.created_at >= :created_at_1
           AND workflow_execution.created_at < :created_at_2
           AND +workflow_execution.status IN (... 1 :param_15)) AS finished
      WHERE finished.duration_seconds IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_16 AS BIGINT) IN (... 2 :param_17)
     OR ranked.rank - CAST(ranked.last * :param_18 AS BIGINT) IN (... 2 :param_19)
     OR ranked.rank - CAST(ranked.last * :param_20 AS BIGINT) IN (... 2 :param_21)
   GROUP BY ranked.workflow_id) AS spread ON spread.workflow_id = workflow.id
WHERE workflow.workspace_id = :workspace_id_2
ORDER BY coalesce(runs.runs, :coalesce_6) DESC, workflow.name;
-- 4 rows
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :coalesce_3 = 0
-- :coalesce_4 = 0
-- :status_1 = ('completed', 'failed')
-- :status_2 = ('completed')
-- :status_3 = ('failed')
-- :status_4 = ('completed')
-- :status_5 = ('completed', 'failed')
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :max_1 = 1
-- :coalesce_5 = 0
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
-- :param_15 = ('completed')
-- :rank_1 = 0
-- :param_16 = 0.5
-- :param_17 = (0, 1)
-- :param_18 = 0.95
-- :param_19 = (0, 1)
-- :param_20 = 0.99
-- :param_21 = (0, 1)
-- :workspace_id_2 = workspace#1
-- :coalesce_6 = 0
