SELECT canvas.type,
       count(DISTINCT canvas_audit.canvas_id) AS canvases,
       count(*) AS actions,
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_1) AS present,
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_2) AS "update",
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_3) AS submit,
       count(*) FILTER (
                        WHERE canvas_audit.action = :action_4) AS close,
       CAST(count(*) AS FLOAT) / (CAST(nullif(sum(count(*)) OVER (), :nullif_1) AS FLOAT) + 0.0) AS share
FROM canvas_audit
JOIN canvas ON canvas.id = canvas_audit.canvas_id
WHERE canvas_audit.workspace_id = :workspace_id_1
  AND canvas_audit.at >= :at_1
  AND canvas_audit.at < :at_2
GROUP BY canvas.type
ORDER BY count(*) DESC, canvas.type;
-- 3 rows
-- :action_1 = 'present'
-- :action_2 = 'update'
-- :action_3 = 'submit'
-- :action_4 = 'close'
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :at_1 = 2026-01-05 00:00:00Z
-- :at_2 = 2026-01-12 00:00:00Z
