SELECT debug_session.id,
       debug_session.workspace_id,
       debug_session.workflow_id,
       debug_session.execution_id,
       debug_session.name,
       debug_session.owner_id,
       debug_session.status,
       debug_session.stop_on_entry,
       debug_session.stop_on_error,
       debug_session.mode,
       debug_session.mode_depth,
       debug_session.stop_reason,
       debug_session.stopped_execution_id,
       debug_session.stopped_step,
       debug_session.stopped_item,
       debug_session.stopped_attempt,
       debug_session.allowed_key,
       debug_session.breakpoint_id,
       debug_session.trace_count,
       debug_session.created_at,
       debug_session.paused_at,
       debug_session.ended_at
FROM debug_session
WHERE debug_session.workspace_id = :workspace_id_1
  AND debug_session.owner_id = :owner_id_1
ORDER BY debug_session.created_at DESC,
         debug_session.id
LIMIT :param_1
OFFSET :param_2;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :owner_id_1 = user_account#3
-- :param_1 = 50
-- :param_2 = 0
