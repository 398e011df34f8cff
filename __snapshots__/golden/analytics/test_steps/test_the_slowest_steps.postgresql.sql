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
  (SELECT ordered.workflow_id AS workflow_id,
          ordered.step_key AS step_key,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT finished.workflow_id AS workflow_id,
             finished.step_key AS step_key,
             count(*) AS samples,
             avg(CAST(finished.duration_seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(finished.duration_seconds AS FLOAT(53))) AS found
      FROM
        (SELECT workflow_execution.workflow_id AS workflow_id,
                workflow_step_execution.step_key AS step_key,
                workflow_step_execution.duration_seconds AS duration_seconds
         FROM workflow_step_execution
         JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
         WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
           AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
           AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
           AND workflow_step_execution.workspace_id = :workspace_id_2::UUID
           AND workflow_step_execution.role = :role_1
           AND workflow_step_execution.status IN (... 2)) AS finished
      WHERE finished.duration_seconds IS NOT NULL
      GROUP BY finished.workflow_id,
               finished.step_key) AS ordered) AS spread ON workflow.id = spread.workflow_id
AND workflow.workspace_id = :workspace_id_3::UUID
ORDER BY spread.mean DESC,
         workflow.name COLLATE "C",
                               spread.step_key COLLATE "C"
LIMIT :param_2::INTEGER;
-- 3 rows
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :role_1 = 'step'
-- :status_1 = ('completed', 'compensated')
-- :workspace_id_3 = workspace#1
-- :param_2 = 3
