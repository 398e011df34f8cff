UPDATE workflow_execution
SET status=:new_status,
    lock_version=:new_lock_version
WHERE workflow_execution.id = :of_id
  AND workflow_execution.status = :of_status
  AND workflow_execution.lock_version = :of_version;
