SELECT canvas.id AS canvas_id,
       canvas.type,
       canvas.status,
       count(*) AS actions,
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_1) AS present,
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_2) AS
update, count(*) FILTER (
                         WHERE canvas_audit.action = :action_3) AS submit,
        count(*) FILTER (
                         WHERE canvas_audit.action = :action_4) AS close,
        count(DISTINCT canvas_audit.user_id) AS users,
        max(canvas_audit.at) AS last_at
FROM canvas_audit
JOIN canvas ON canvas.id = canvas_audit.canvas_id
AND canvas.workspace_id = :workspace_id_1::UUID
WHERE canvas_audit.workspace_id = :workspace_id_2::UUID
  AND canvas_audit.at >= :at_1::TIMESTAMP WITH TIME ZONE
  AND canvas_audit.at < :at_2::TIMESTAMP WITH TIME ZONE
GROUP BY canvas.id,
         canvas.type,
         canvas.status
ORDER BY count(*) DESC, canvas.id
LIMIT :param_1::INTEGER;
-- 4 rows
-- :action_1 = 'present'
-- :action_2 = 'update'
-- :action_3 = 'submit'
-- :action_4 = 'close'
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :at_1 = 2026-01-05 00:00:00Z
-- :at_2 = 2026-01-12 00:00:00Z
-- :param_1 = 10
