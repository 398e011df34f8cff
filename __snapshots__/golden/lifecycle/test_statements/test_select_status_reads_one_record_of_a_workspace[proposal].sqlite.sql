SELECT proposal.status
FROM proposal
WHERE proposal.id = :id_1
  AND proposal.workspace_id = :workspace_id_1;
-- :id_1 = proposal#s1
-- :workspace_id_1 = workspace#s1
