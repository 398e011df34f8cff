WITH times AS
  (SELECT workflow_execution.workflow_id AS workflow_id,
          CAST(((unixepoch(substr(workflow_execution.started_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(workflow_execution.created_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_15 + 0.0) AS wait,
          CAST(((unixepoch(substr(workflow_execution.completed_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.completed_at, 21, 6) AS INTEGER)) - (unixepoch(substr(workflow_execution.started_at, 1, 19)) * 1000000 + CAST(substr(workflow_execution.started_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_16 + 0.0) AS run
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
     (SELECT times.workflow_id AS workflow_id,
             CAST(times.wait AS FLOAT) AS number,
             row_number() OVER (PARTITION BY times.workflow_id
                                ORDER BY CAST(times.wait AS FLOAT)) - :param_13 AS rank,
             count(*) OVER (PARTITION BY times.workflow_id) - :param_14 AS last,
             avg(CAST(times.wait AS FLOAT)) OVER (PARTITION BY times.workflow_id) AS mean
      FROM times
      WHERE times.wait IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_17 AS BIGINT) IN (... 2 :param_18)
     OR ranked.rank - CAST(ranked.last * :param_19 AS BIGINT) IN (... 2 :param_20)
     OR ranked.rank - CAST(ranked.last * :param_21 AS BIGINT) IN (... 2 :param_22)
   GROUP BY ranked.workflow_id) AS waits ON workflow.id = waits.workflow_id
JOIN
  (SELECT ranked.workflow_id AS workflow_id,
          coalesce(max(ranked.last) + :max_2, :coalesce_2) AS samples,
          max(ranked.mean) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_23 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_23 AS BIGINT) + :param_24) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_23 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_23 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_25 - CAST(ranked.last * :param_26 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_27 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_27 AS BIGINT) + :param_28) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_27 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_27 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_29 - CAST(ranked.last * :param_30 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_31 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_31 AS BIGINT) + :param_32) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_31 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_31 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_33 - CAST(ranked.last * :param_34 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT times.workflow_id AS workflow_id,
             CAST(times.run AS FLOAT) AS number,
             row_number() OVER (PARTITION BY times.workflow_id
                                ORDER BY CAST(times.run AS FLOAT)) - :param_35 AS rank,
             count(*) OVER (PARTITION BY times.workflow_id) - :param_36 AS last,
             avg(CAST(times.run AS FLOAT)) OVER (PARTITION BY times.workflow_id) AS mean
      FROM times
      WHERE times.run IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_2
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_37 AS BIGINT) IN (... 2 :param_38)
     OR ranked.rank - CAST(ranked.last * :param_39 AS BIGINT) IN (... 2 :param_40)
     OR ranked.rank - CAST(ranked.last * :param_41 AS BIGINT) IN (... 2 :param_42)
   GROUP BY ranked.workflow_id) AS runs ON runs.workflow_id = workflow.id
ORDER BY waits.mean DESC,
         workflow.name;
-- 3 rows
-- :param_15 = 1000000.0
-- :param_16 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :nullif_1 = 0
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
-- :rank_1 = 0
-- :param_17 = 0.5
-- :param_18 = (0, 1)
-- :param_19 = 0.95
-- :param_20 = (0, 1)
-- :param_21 = 0.99
-- :param_22 = (0, 1)
-- :max_2 = 1
-- :coalesce_2 = 0
-- :param_23 = 0.5
-- :param_24 = 1
-- :param_25 = 0.5
-- :param_26 = 0.5
-- :param_27 = 0.95
-- :param_28 = 1
-- :param_29 = 0.95
-- :param_30 = 0.95
-- :param_31 = 0.99
-- :param_32 = 1
-- :param_33 = 0.99
-- :param_34 = 0.99
-- :param_35 = 1
-- :param_36 = 1
-- :rank_2 = 0
-- :param_37 = 0.5
-- :param_38 = (0, 1)
-- :param_39 = 0.95
-- :param_40 = (0, 1)
-- :param_41 = 0.99
-- :param_42 = (0, 1)
