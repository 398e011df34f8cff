-- requires: governance_history, workflow_history, debug_history
-- The same week, of which nobody wrote down how long things took, when they were decided and how good they were.
UPDATE agent_execution SET started_at = NULL, completed_at = NULL, duration_seconds = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE workflow_execution SET started_at = NULL, completed_at = NULL, duration_seconds = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE workflow_step_execution SET started_at = NULL, completed_at = NULL, duration_seconds = NULL, outcome = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE blocked_trigger SET status = 'waiting', resolved = FALSE, resolved_at = NULL, resolution_outcome = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE proposal SET reviewed_at = NULL, reviewer_id = NULL, reviewer_agent_id = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE training_session SET performance_score = NULL, duration_seconds = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE supervision_session SET rating = NULL, duration_seconds = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE agent_feedback SET rating = NULL, user_correction = NULL
WHERE workspace_id = '00000000000000000000000000000001';
UPDATE breakpoint SET last_hit_at = NULL WHERE workspace_id = '00000000000000000000000000000001';
