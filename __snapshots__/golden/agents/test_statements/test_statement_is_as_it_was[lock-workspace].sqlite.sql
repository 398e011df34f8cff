SELECT workspace.id
FROM workspace
WHERE workspace.id = :id_1;
-- :id_1 = workspace#s1
