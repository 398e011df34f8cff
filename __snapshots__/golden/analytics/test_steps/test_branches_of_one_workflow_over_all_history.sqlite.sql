SELECT workflow.name AS workflow,
       decisions.step_key,
       decisions.branch,
       decisions.times,
       decisions.share
FROM workflow
JOIN
  (SELECT workflow_execution.workflow_id AS workflow_id,
          workflow_step_execution.step_key AS step_key,
          workflow_step_execution.outcome AS branch,
          count(*) AS times,
          CAST(count(*) AS FLOAT) / (CAST(nullif(sum(count(*)) OVER (PARTITION BY workflow_execution.workflow_id, workflow_step_execution.step_key), :nullif_1) AS FLOAT) + 0.0) AS share
   FROM workflow_step_execution
   JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
   WHERE workflow_execution.workspace_id = :workspace_id_1
     AND 1 = 1
     AND workflow_execution.workflow_id = :workflow_id_1
     AND workflow_step_execution.workspace_id = :workspace_id_2
     AND workflow_step_execution.role = :role_1
     AND workflow_step_execution.kind = :kind_1
     AND workflow_step_execution.status IN (... 2)
   GROUP BY workflow_execution.workflow_id,
            workflow_step_execution.step_key,
            workflow_step_execution.outcome) AS decisions ON workflow.id = decisions.workflow_id
ORDER BY workflow.name,
         decisions.step_key,
         decisions.times DESC,
         decisions.branch ASC NULLS LAST;
-- 3 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :workflow_id_1 = workflow#1
-- :workspace_id_2 = workspace#1
-- :role_1 = 'step'
-- :kind_1 = 'condition'
-- :status_1 = ('completed', 'compensated')
