UPDATE workflow_execution
SET status=:status
WHERE workflow_execution.id = :id_1
  AND workflow_execution.workspace_id = :workspace_id_1
  AND workflow_execution.status IN (... 1);
-- :status = 'pending'
-- :id_1 = workflow_execution#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('paused')
