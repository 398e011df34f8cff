UPDATE workflow_execution
SET status=:new_status,
    lock_version=:new_lock_version::INTEGER
WHERE workflow_execution.id = :of_id::UUID
  AND workflow_execution.status = :of_status
  AND workflow_execution.lock_version = :of_version::INTEGER;
