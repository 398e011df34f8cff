UPDATE proposal
SET status=:status
WHERE proposal.id = :id_1
  AND proposal.workspace_id = :workspace_id_1
  AND proposal.status IN (... 1);
-- :status = 'rejected'
-- :id_1 = proposal#s1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('pending')
