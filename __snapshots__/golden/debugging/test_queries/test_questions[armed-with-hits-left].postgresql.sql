SELECT breakpoint.id,
       breakpoint.workspace_id,
       breakpoint.workflow_id,
       breakpoint.step_key,
       breakpoint.condition,
       breakpoint.hit_limit,
       breakpoint.hit_count,
       breakpoint.enabled,
       breakpoint.log_message,
       breakpoint.created_by,
       breakpoint.created_at,
       breakpoint.last_hit_at,
       breakpoint.session_id
FROM breakpoint
WHERE breakpoint.workspace_id = :workspace_id_1::UUID
  AND breakpoint.workflow_id = :workflow_id_1::UUID
  AND breakpoint.step_key = :step_key_1::VARCHAR
  AND (breakpoint.session_id IS NULL
       OR breakpoint.session_id = :session_id_1::UUID)
  AND breakpoint.enabled
  AND (breakpoint.hit_limit IS NULL
       OR breakpoint.hit_count < breakpoint.hit_limit)
ORDER BY breakpoint.created_at,
         breakpoint.id;
-- 3 rows
-- :workspace_id_1 = workspace#1
-- :workflow_id_1 = workflow#2
-- :step_key_1 = 'deep'
-- :session_id_1 = debug_session#1
