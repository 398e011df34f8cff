UPDATE workflow_step_execution
SET lease_token=:lease_token,
    deliveries=(workflow_step_execution.deliveries + :deliveries_1)
WHERE workflow_step_execution.id = :id_1
  AND workflow_step_execution.status = :status_1
  AND workflow_step_execution.lease_until = :lease_until_1;
-- :lease_token = lease_token#s1
-- :deliveries_1 = 1
-- :id_1 = workflow_step_execution#s1
-- :status_1 = 'running'
-- :lease_until_1 = 2026-03-02 09:00:00Z
