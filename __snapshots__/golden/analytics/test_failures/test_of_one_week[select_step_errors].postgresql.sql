SELECT workflow.name AS workflow,
       erred.step_key,
       erred.error_type,
       erred.attempts,
       erred.executions,
       erred.last_seen
FROM workflow
JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          workflow_step_execution.step_key AS step_key,
          workflow_step_execution.error_type AS error_type,
          count(*) AS attempts,
          count(DISTINCT workflow_step_execution.execution_id) AS executions,
          max(workflow_step_execution.completed_at) AS last_seen
   FROM workflow_step_execution
   JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
     AND workflow_step_execution.workspace_id = :workspace_id_2::UUID
     AND workflow_step_execution.role = :role_1
     AND workflow_step_execution.status = :status_1
   GROUP BY workflow_execution.workflow_id,
            workflow_step_execution.step_key,
            workflow_step_execution.error_type) AS erred ON workflow.id = erred.workflow_id
AND workflow.workspace_id = :workspace_id_3::UUID
ORDER BY erred.attempts DESC,
         workflow.name COLLATE "C",
                               erred.step_key COLLATE "C",
                                                      erred.error_type COLLATE "C" ASC NULLS LAST
LIMIT :param_1::INTEGER;
-- 5 rows
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :role_1 = 'step'
-- :status_1 = 'failed'
-- :workspace_id_3 = workspace#1
-- :param_1 = 20
