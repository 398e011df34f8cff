UPDATE workflow_step_execution
SET status=:status
WHERE workflow_step_execution.id = :id_1
  AND workflow_step_execution.workspace_id = :workspace_id_1
  AND workflow_step_execution.status IN (... 1);
-- :status = 'compensated'
-- :id_1 = workflow_step_execution#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('completed')
