UPDATE workflow_step_execution
SET wake_at=:wake_at::TIMESTAMP WITH TIME ZONE
WHERE workflow_step_execution.id = :id_1::UUID
  AND workflow_step_execution.status = :status_1;
-- :wake_at = 2026-03-02 09:00:00Z
-- :id_1 = workflow_step_execution#s1
-- :status_1 = 'waiting'
