UPDATE workflow_step_execution
SET remaining=:remaining::INTEGER,
    ready_at=:ready_at::TIMESTAMP WITH TIME ZONE
WHERE workflow_step_execution.id = :id_1::UUID;
-- :remaining = 0
-- :ready_at = 2026-03-02 09:00:00Z
-- :id_1 = workflow_step_execution#s1
