WITH times AS
  (SELECT workflow_execution.workflow_id AS workflow_id,
          CAST((unixepoch(substr(workflow_execution.started_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(workflow_execution.created_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.created_at, 21, 6) AS INTEGER)) AS FLOAT) / (:param_9 + 0.0) AS wait,
          CAST((unixepoch(substr(workflow_execution.completed_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.completed_at, 21, 6) AS INTEGER)) - (unixepoch(substr(workflow_execution.started_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.started_at, 21, 6) AS INTEGER)) AS FLOAT) / (:param_10 + 0.0) AS run
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1
     AND workflow_execution.created_at >= :created_at_1
     AND workflow_execution.created_at < :created_at_2
     AND workflow_execution.started_at IS NOT NULL
     AND workflow_execution.completed_at IS NOT NULL)
SELECT workflow.id AS workflow_id,
       workflow.name AS workflow,
       waits.samples AS executions,
       waits.mean AS mean_wait,
       waits.p95 AS p95_wait,
       runs.mean AS mean_run,
       runs.p95 AS p95_run,
       CAST(waits.mean AS FLOAT) / (CAST(nullif(waits.mean + runs.mean, :nullif_1) AS FLOAT) + 0.0) AS wait_share
FROM workflow
JOIN
  (SELECT ranked.workflow_id AS workflow_id,
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
     (SELECT times.workflow_id AS workflow_id,
             CAST(times.wait AS FLOAT) AS number,
             row_number() OVER (PARTITION BY times.workflow_id
                                ORDER BY CAST(times.wait AS FLOAT)) - :param_7 AS rank,
             count(*) OVER (PARTITION BY times.workflow_id) - :param_8 AS last
      FROM times
      WHERE times.wait IS NOT NULL) AS ranked
   GROUP BY ranked.workflow_id) AS waits ON waits.workflow_id = workflow.id
JOIN
  (SELECT ranked.workflow_id AS workflow_id,
          count(*) AS samples,
          avg(ranked.number) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_11 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_11 AS BIGINT) + :param_12, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_11 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_11 - CAST(ranked.last * :param_11 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_13 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_13 AS BIGINT) + :param_14, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_13 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_13 - CAST(ranked.last * :param_13 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_15 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_15 AS BIGINT) + :param_16, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_15 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_15 - CAST(ranked.last * :param_15 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT times.workflow_id AS workflow_id,
             CAST(times.run AS FLOAT) AS number,
             row_number() OVER (PARTITION BY times.workflow_id
                                ORDER BY CAST(times.run AS FLOAT)) - :param_17 AS rank,
             count(*) OVER (PARTITION BY times.workflow_id) - :param_18 AS last
      FROM times
      WHERE times.run IS NOT NULL) AS ranked
   GROUP BY ranked.workflow_id) AS runs ON runs.workflow_id = workflow.id
ORDER BY waits.mean DESC,
         workflow.name;
-- 1 row
-- :param_9 = 1000000
-- :param_10 = 1000000
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :nullif_1 = 0
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.95
-- :param_4 = 1
-- :param_5 = 0.99
-- :param_6 = 1
-- :param_7 = 1
-- :param_8 = 1
-- :param_11 = 0.5
-- :param_12 = 1
-- :param_13 = 0.95
-- :param_14 = 1
-- :param_15 = 0.99
-- :param_16 = 1
-- :param_17 = 1
-- :param_18 = 1
