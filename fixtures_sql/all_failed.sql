-- requires: governance_history, workflow_history
-- The same week, in which everything failed that can: runs that never started and steps that had been skipped too.
-- What happened in the other workspace stays as it is.
UPDATE agent_execution SET status = 'failed', error_type = 'OSError'
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE workflow_execution SET status = 'failed', error_type = 'OSError', failed_step = 'fetch'
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE workflow_step_execution SET status = 'failed', error_type = 'OSError'
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE proposal SET status = 'execution_failed' WHERE workspace_id = '00000000000000000000000000000001';
UPDATE training_session SET status = 'failed' WHERE workspace_id = '00000000000000000000000000000001';
UPDATE supervision_session SET status = 'failed' WHERE workspace_id = '00000000000000000000000000000001';
UPDATE blocked_trigger SET resolution_outcome = 'failed'
WHERE workspace_id = '00000000000000000000000000000001' AND resolved_at IS NOT NULL;
