SELECT blocked_trigger.status
FROM blocked_trigger
WHERE blocked_trigger.id = :id_1::UUID
  AND blocked_trigger.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = blocked_trigger#s1
-- :workspace_id_1 = workspace#s1
