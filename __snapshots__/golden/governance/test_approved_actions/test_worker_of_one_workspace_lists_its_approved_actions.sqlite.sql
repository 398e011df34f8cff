SELECT proposal.workspace_id,
       proposal.id
FROM proposal
JOIN agent_execution ON agent_execution.id = proposal.execution_id
WHERE proposal.status = :status_1
  AND proposal.proposal_type = :proposal_type_1
  AND NOT (agent_execution.status = :status_2
           OR agent_execution.status = :status_3
           AND agent_execution.started_at > :started_at_1)
  AND proposal.workspace_id = :workspace_id_1
ORDER BY proposal.created_at,
         proposal.id
LIMIT :param_1
OFFSET :param_2;
-- 1 row
-- :status_1 = 'approved'
-- :proposal_type_1 = 'action'
-- :status_2 = 'paused'
-- :status_3 = 'running'
-- :started_at_1 = 2026-03-02 10:00:52Z
-- :workspace_id_1 = workspace#2
-- :param_1 = 100
-- :param_2 = 0
