WITH times AS
  (SELECT workflow_execution.workflow_id AS workflow_id,
          CAST((CAST(date_part('epoch', workflow_execution.started_at - workflow_execution.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS wait,
          CAST((CAST(date_part('epoch', workflow_execution.completed_at - workflow_execution.started_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_3 AS FLOAT(53)) AS run
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.started_at IS NOT NULL
     AND workflow_execution.completed_at IS NOT NULL)
SELECT workflow.id AS workflow_id,
       workflow.name AS workflow,
       waits.samples AS executions,
       waits.mean AS mean_wait,
       waits.p95 AS p95_wait,
       runs.mean AS mean_run,
       runs.p95 AS p95_run,
       CAST(waits.mean AS FLOAT(53)) / CAST(CAST(nullif(waits.mean + runs.mean, :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS wait_share
FROM workflow
JOIN
  (SELECT ordered.workflow_id AS workflow_id,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT times.workflow_id AS workflow_id,
             count(*) AS samples,
             avg(CAST(times.wait AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(times.wait AS FLOAT(53))) AS found
      FROM times
      WHERE times.wait IS NOT NULL
      GROUP BY times.workflow_id) AS ordered) AS waits ON workflow.id = waits.workflow_id
AND workflow.workspace_id = :workspace_id_2::UUID
JOIN
  (SELECT ordered.workflow_id AS workflow_id,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_6::INTEGER] AS minimum,
          ordered.found[:found_7::INTEGER] AS median,
          ordered.found[:found_8::INTEGER] AS p95,
          ordered.found[:found_9::INTEGER] AS p99,
          ordered.found[:found_10::INTEGER] AS maximum
   FROM
     (SELECT times.workflow_id AS workflow_id,
             count(*) AS samples,
             avg(CAST(times.run AS FLOAT(53))) AS mean,
             percentile_cont(:param_4::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(times.run AS FLOAT(53))) AS found
      FROM times
      WHERE times.run IS NOT NULL
      GROUP BY times.workflow_id) AS ordered) AS runs ON runs.workflow_id = workflow.id
ORDER BY waits.mean DESC,
         workflow.name COLLATE "C";
-- 3 rows
-- :param_2 = 1000000.0
-- :param_3 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :nullif_1 = 0
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :workspace_id_2 = workspace#1
-- :found_6 = 1
-- :found_7 = 2
-- :found_8 = 3
-- :found_9 = 4
-- :found_10 = 5
-- :param_4 = [0.0, 0.5, 0.95, 0.99, 1.0]
