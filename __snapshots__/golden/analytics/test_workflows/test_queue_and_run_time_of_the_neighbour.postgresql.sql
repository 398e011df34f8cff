WITH times AS
  (SELECT workflow_execution.workflow_id AS workflow_id,
          CAST((CAST(date_part('epoch', workflow_execution.started_at - workflow_execution.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_4 AS FLOAT(53)) AS wait,
          CAST((CAST(date_part('epoch', workflow_execution.completed_at - workflow_execution.started_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_5 AS FLOAT(53)) AS run
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
  (SELECT times.workflow_id AS workflow_id,
          count(*) AS samples,
          avg(CAST(times.wait AS FLOAT(53))) AS mean,
          min(CAST(times.wait AS FLOAT(53))) AS minimum,
          percentile_cont(:param_1) WITHIN GROUP (
                                                  ORDER BY CAST(times.wait AS FLOAT(53))) AS median,
                                                 percentile_cont(:param_2) WITHIN GROUP (
                                                                                         ORDER BY CAST(times.wait AS FLOAT(53))) AS p95,
                                                                                        percentile_cont(:param_3) WITHIN GROUP (
                                                                                                                                ORDER BY CAST(times.wait AS FLOAT(53))) AS p99,
                                                                                                                               max(CAST(times.wait AS FLOAT(53))) AS maximum
   FROM times
   WHERE times.wait IS NOT NULL
   GROUP BY times.workflow_id) AS waits ON workflow.id = waits.workflow_id
AND workflow.workspace_id = :workspace_id_2::UUID
JOIN
  (SELECT times.workflow_id AS workflow_id,
          count(*) AS samples,
          avg(CAST(times.run AS FLOAT(53))) AS mean,
          min(CAST(times.run AS FLOAT(53))) AS minimum,
          percentile_cont(:param_6) WITHIN GROUP (
                                                  ORDER BY CAST(times.run AS FLOAT(53))) AS median,
                                                 percentile_cont(:param_7) WITHIN GROUP (
                                                                                         ORDER BY CAST(times.run AS FLOAT(53))) AS p95,
                                                                                        percentile_cont(:param_8) WITHIN GROUP (
                                                                                                                                ORDER BY CAST(times.run AS FLOAT(53))) AS p99,
                                                                                                                               max(CAST(times.run AS FLOAT(53))) AS maximum
   FROM times
   WHERE times.run IS NOT NULL
   GROUP BY times.workflow_id) AS runs ON runs.workflow_id = workflow.id
ORDER BY waits.mean DESC,
         workflow.name COLLATE "C";
-- 1 row
-- :param_4 = 1000000
-- :param_5 = 1000000
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :nullif_1 = 0
-- :param_1 = 0.5
-- :param_2 = 0.95
-- :param_3 = 0.99
-- :workspace_id_2 = workspace#s1
-- :param_6 = 0.5
-- :param_7 = 0.95
-- :param_8 = 0.99
