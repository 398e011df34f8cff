UPDATE canvas
SET status=:status
WHERE canvas.id = :id_1::UUID
  AND canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.status IN (... 1);
-- :status = 'closed'
-- :id_1 = canvas#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('open')
