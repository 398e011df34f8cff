SELECT canvas.id AS canvas_id,
       canvas.type,
       active.actions,
       active.last_at,
       CAST(((unixepoch(substr(:param_1, 1, 19)) * 1000000 + CAST(substr(:param_1, 21, 6) AS INTEGER)) - (unixepoch(substr(active.last_at, 1, 19)) * 1000000 + CAST(substr(active.last_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_2 + 0.0) AS idle_seconds
FROM canvas
JOIN
  (SELECT canvas_audit.canvas_id AS canvas_id,
          count(*) AS actions,
          max(canvas_audit.at) AS last_at
   FROM canvas_audit
   WHERE canvas_audit.workspace_id = :workspace_id_1
   GROUP BY canvas_audit.canvas_id) AS active ON active.canvas_id = canvas.id
WHERE canvas.workspace_id = :workspace_id_2
  AND canvas.status = :status_1
ORDER BY active.last_at DESC,
         canvas.id;
-- 4 rows
-- :param_1 = 2026-01-12 00:00:00Z
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :status_1 = 'open'
