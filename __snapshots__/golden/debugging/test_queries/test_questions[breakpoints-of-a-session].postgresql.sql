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
  AND (breakpoint.session_id IS NULL
       OR breakpoint.session_id = :session_id_1::UUID)
ORDER BY breakpoint.created_at,
         breakpoint.id;
-- 5 rows
-- :workspace_id_1 = workspace#1
-- :workflow_id_1 = workflow#2
-- :session_id_1 = debug_session#2
