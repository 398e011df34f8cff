UPDATE workflow_step_execution
SET remaining=(workflow_step_execution.remaining - :remaining_1::INTEGER),
    taken=(workflow_step_execution.taken + :taken_1::INTEGER),
    ready_at=:ready_at::TIMESTAMP WITH TIME ZONE
WHERE workflow_step_execution.id = :id_1::UUID
  AND workflow_step_execution.status = :status_1;
-- :remaining_1 = 2
-- :taken_1 = 1
-- :ready_at = 2026-03-02 09:00:00Z
-- :id_1 = workflow_step_execution#s1
-- :status_1 = 'pending'
