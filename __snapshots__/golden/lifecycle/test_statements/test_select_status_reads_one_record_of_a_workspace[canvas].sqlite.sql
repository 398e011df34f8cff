SELECT canvas.status
FROM canvas
WHERE canvas.id = :id_1
  AND canvas.workspace_id = :workspace_id_1;
-- :id_1 = canvas#s1
-- :workspace_id_1 = workspace#s1
