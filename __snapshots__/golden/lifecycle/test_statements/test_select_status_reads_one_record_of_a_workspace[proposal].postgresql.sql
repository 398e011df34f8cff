SELECT proposal.status
FROM proposal
WHERE proposal.id = :id_1::UUID
  AND proposal.workspace_id = :workspace_id_1::UUID
  FOR NO KEY UPDATE;
-- :id_1 = proposal#s1
-- :workspace_id_1 = workspace#s1
