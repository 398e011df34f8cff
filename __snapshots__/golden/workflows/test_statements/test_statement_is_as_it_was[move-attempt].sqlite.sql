UPDATE workflow_step_execution
SET status=:new_status,
    wake_at=:new_wake_at
WHERE workflow_step_execution.id = :of_id
  AND workflow_step_execution.status = :of_status;
