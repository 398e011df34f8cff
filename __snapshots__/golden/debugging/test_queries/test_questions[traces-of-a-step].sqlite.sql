SELECT execution_trace.id,
       execution_trace.workspace_id,
       execution_trace.session_id,
       execution_trace.execution_id,
       execution_trace.sequence,
       execution_trace.step_key,
       execution_trace.item,
       execution_trace.attempt,
       execution_trace.status,
       execution_trace.input,
       execution_trace.output,
       execution_trace.error_type,
       execution_trace.error_message,
       execution_trace.variables_before,
       execution_trace.variables_after,
       execution_trace.diff,
       execution_trace.started_at,
       execution_trace.completed_at,
       execution_trace.duration_seconds,
       execution_trace.workflow
FROM execution_trace
WHERE execution_trace.workspace_id = :workspace_id_1
  AND execution_trace.session_id = :session_id_1
  AND execution_trace.step_key = :step_key_1
ORDER BY execution_trace.sequence;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :session_id_1 = debug_session#2
-- :step_key_1 = 'b'
