SELECT execution_trace.workflow,
       execution_trace.step_key,
       count(*) AS attempts,
       coalesce(sum(execution_trace.duration_seconds), :coalesce_1) AS total_seconds,
       avg(execution_trace.duration_seconds) AS average_seconds,
       min(execution_trace.duration_seconds) AS min_seconds,
       max(execution_trace.duration_seconds) AS max_seconds
FROM execution_trace
WHERE execution_trace.workspace_id = :workspace_id_1::UUID
  AND execution_trace.session_id = :session_id_1::UUID
GROUP BY execution_trace.workflow,
         execution_trace.step_key
ORDER BY coalesce(sum(execution_trace.duration_seconds), :coalesce_1) DESC, coalesce(execution_trace.workflow, :coalesce_2::VARCHAR) COLLATE "C",
                                                                                                                                             execution_trace.step_key COLLATE "C"
LIMIT :param_1::INTEGER;
-- 2 rows
-- :coalesce_1 = 0.0
-- :workspace_id_1 = workspace#1
-- :session_id_1 = debug_session#2
-- :coalesce_2 = ''
-- :param_1 = 2
