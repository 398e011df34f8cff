SELECT workflow.id AS workflow_id,
       workflow.name AS workflow,
       coalesce(runs.runs, :coalesce_1::INTEGER) AS runs,
       coalesce(runs.outcomes, :coalesce_2::INTEGER) AS outcomes,
       coalesce(runs.successes, :coalesce_3::INTEGER) AS successes,
       coalesce(runs.failures, :coalesce_4::INTEGER) AS failures,
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
                                WHERE workflow_execution.status IN (... 1 :status_4)) AS FLOAT(53)) / CAST(CAST(nullif(count(*) FILTER (
                                                                                                                                                        WHERE workflow_execution.status IN (... 2 :status_5)), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS success_rate,
          count(DISTINCT workflow_execution.user_id) AS users,
          max(workflow_execution.created_at) AS last_at
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
   GROUP BY workflow_execution.workflow_id) AS runs ON runs.workflow_id = workflow.id
LEFT OUTER JOIN
  (SELECT ordered.workflow_id AS workflow_id,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT finished.workflow_id AS workflow_id,
             count(*) AS samples,
             avg(CAST(finished.duration_seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(finished.duration_seconds AS FLOAT(53))) AS found
      FROM
        (SELECT workflow_execution.workflow_id AS workflow_id,
                workflow_execution.duration_seconds AS duration_seconds
         FROM workflow_execution
         WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
           AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
           AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
           AND workflow_execution.status IN (... 1 :param_2)) AS finished
      WHERE finished.duration_seconds IS NOT NULL
      GROUP BY finished.workflow_id) AS ordered) AS spread ON spread.workflow_id = workflow.id
WHERE workflow.workspace_id = :workspace_id_2::UUID
ORDER BY coalesce(runs.runs, :coalesce_5::INTEGER) DESC, workflow.name COLLATE "C";
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
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :param_2 = ('completed')
-- :workspace_id_2 = workspace#1
-- :coalesce_5 = 0
