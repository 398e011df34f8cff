UPDATE workflow_step_execution
SET lease_until=:lease_until
WHERE workflow_step_execution.id = :id_1
  AND workflow_step_execution.lease_token = :lease_token_1
  AND workflow_step_execution.status = :status_1;
-- :lease_until = 2026-03-02 09:00:00Z
-- :id_1 = workflow_step_execution#s1
-- :lease_token_1 = lease_token#s1
-- :status_1 = 'running'
