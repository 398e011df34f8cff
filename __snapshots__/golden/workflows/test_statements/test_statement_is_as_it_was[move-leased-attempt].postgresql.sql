UPDATE workflow_step_execution
SET status=:new_status,
    output=:new_output::JSON
WHERE workflow_step_execution.id = :of_id::UUID
  AND workflow_step_execution.status = :of_status
  AND workflow_step_execution.lease_token = :of_token::UUID;
