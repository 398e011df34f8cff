UPDATE blocked_trigger
SET status=:status
WHERE blocked_trigger.id = :id_1
  AND blocked_trigger.workspace_id = :workspace_id_1
  AND blocked_trigger.status IN (... 1);
-- :status = 'in_progress'
-- :id_1 = blocked_trigger#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('waiting')
