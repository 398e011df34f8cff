SELECT execution_trace.workflow,
       execution_trace.step_key,
       count(*) AS attempts,
       coalesce(sum(execution_trace.duration_seconds), :coalesce_1) AS total_seconds,
       avg(execution_trace.duration_seconds) AS average_seconds,
       min(execution_trace.duration_seconds) AS min_seconds,
       max(execution_trace.duration_seconds) AS max_seconds
FROM execution_trace
WHERE execution_trace.workspace_id = :workspace_id_1
  AND execution_trace.session_id = :session_id_1
GROUP BY execution_trace.workflow,
         execution_trace.step_key
ORDER BY coalesce(sum(execution_trace.duration_seconds), :coalesce_1) DESC, coalesce(execution_trace.workflow, :coalesce_2),
                                                                            execution_trace.step_key;
-- 1 row
-- :coalesce_1 = 0.0
-- :workspace_id_1 = workspace#1
-- :session_id_1 = debug_session#1
-- :coalesce_2 = ''
