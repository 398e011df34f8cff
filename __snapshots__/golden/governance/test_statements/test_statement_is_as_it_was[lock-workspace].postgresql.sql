SELECT workspace.id
FROM workspace
WHERE workspace.id = :id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = workspace#s1
