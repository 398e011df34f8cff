SELECT blocked_trigger.status
FROM blocked_trigger
WHERE blocked_trigger.id = :id_1
  AND blocked_trigger.workspace_id = :workspace_id_1;
-- :id_1 = blocked_trigger#s1
-- :workspace_id_1 = workspace#s1
