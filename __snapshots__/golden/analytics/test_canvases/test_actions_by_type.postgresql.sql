SELECT canvas.type,
       count(DISTINCT canvas_audit.canvas_id) AS canvases,
       count(*) AS actions,
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_1) AS present,
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_2) AS
update, count(*) FILTER (
                         WHERE canvas_audit.action = :action_3) AS submit,
        count(*) FILTER (
                         WHERE canvas_audit.action = :action_4) AS close,
        CAST(count(*) AS FLOAT(53)) / CAST(CAST(nullif(sum(count(*)) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share
FROM canvas_audit
JOIN canvas ON canvas.id = canvas_audit.canvas_id
AND canvas.workspace_id = :workspace_id_1::UUID
WHERE canvas_audit.workspace_id = :workspace_id_2::UUID
  AND canvas_audit.at >= :at_1::TIMESTAMP WITH TIME ZONE
  AND canvas_audit.at < :at_2::TIMESTAMP WITH TIME ZONE
GROUP BY canvas.type
ORDER BY count(*) DESC, canvas.type COLLATE "C";
-- 3 rows
-- :action_1 = 'present'
-- :action_2 = 'update'
-- :action_3 = 'submit'
-- :action_4 = 'close'
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :at_1 = 2026-01-05 00:00:00Z
-- :at_2 = 2026-01-12 00:00:00Z
