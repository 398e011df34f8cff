INSERT INTO canvas_audit (id, workspace_id, canvas_id, sequence, action, content, at)
VALUES (:id::UUID, :workspace_id::UUID, :canvas_id::UUID, :sequence::INTEGER, :action, :content::JSON, :at::TIMESTAMP WITH TIME ZONE);
-- x 3: 1 row each
-- :id = canvas_audit#s1, canvas_audit#s2, canvas_audit#s3
-- :workspace_id = workspace#s1
-- :canvas_id = canvas#3, canvas#1, canvas#2
-- :sequence = 9
-- :action = 'update'
-- :content = {}
-- :at = 2026-01-12 00:00:00Z

SELECT canvas.id AS canvas_id,
       canvas.type,
       active.actions,
       active.last_at,
       CAST((CAST(date_part('epoch', :param_1::TIMESTAMP WITH TIME ZONE - active.last_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS idle_seconds
FROM canvas
JOIN
  (SELECT canvas_audit.canvas_id AS canvas_id,
          count(*) AS actions,
          max(canvas_audit.at) AS last_at
   FROM canvas_audit
   WHERE canvas_audit.workspace_id = :workspace_id_1::UUID
   GROUP BY canvas_audit.canvas_id) AS active ON active.canvas_id = canvas.id
WHERE canvas.workspace_id = :workspace_id_2::UUID
  AND canvas.status = :status_1
  AND active.last_at >= :last_at_1::TIMESTAMP WITH TIME ZONE
ORDER BY active.last_at DESC,
         canvas.id;
-- 3 rows
-- :param_1 = 2026-01-12 01:00:00Z
-- :param_2 = 1000000
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :status_1 = 'open'
-- :last_at_1 = 2026-01-05 00:00:00Z
