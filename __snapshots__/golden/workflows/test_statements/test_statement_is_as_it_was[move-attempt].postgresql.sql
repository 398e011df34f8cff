UPDATE workflow_step_execution
SET status=:new_status,
    wake_at=:new_wake_at::TIMESTAMP WITH TIME ZONE
WHERE workflow_step_execution.id = :of_id::UUID
  AND workflow_step_execution.status = :of_status;
