SELECT canvas.status
FROM canvas
WHERE canvas.id = :id_1::UUID
  AND canvas.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = canvas#s1
-- :workspace_id_1 = workspace#s1
