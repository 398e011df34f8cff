SELECT proposal.reviewer_id AS reviewer_id,
       proposal.reviewer_agent_id,
       coalesce(user_account.name, reviewing.name) AS reviewer,
       count(*) AS decisions,
       count(*) FILTER (
                        WHERE proposal.status IN (... 3 :status_1)) AS approvals,
       count(*) FILTER (
                        WHERE proposal.status = :status_2) AS rejections,
       CAST(count(*) FILTER (
                             WHERE proposal.status IN (... 3 :status_1)) AS FLOAT(53)) / CAST(CAST(nullif(count(*), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS approval_rate
FROM proposal
LEFT OUTER JOIN user_account ON user_account.id = proposal.reviewer_id
LEFT OUTER JOIN agent AS reviewing ON reviewing.id = proposal.reviewer_agent_id
AND reviewing.workspace_id = :workspace_id_1::UUID
WHERE proposal.workspace_id = :workspace_id_2::UUID
  AND proposal.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
  AND proposal.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
  AND proposal.status IN (... 4 :status_3)
  AND (proposal.reviewer_id IS NOT NULL
       OR proposal.reviewer_agent_id IS NOT NULL)
GROUP BY proposal.reviewer_id,
         proposal.reviewer_agent_id,
         user_account.name,
         reviewing.name
ORDER BY count(*) DESC, CASE
                            WHEN (proposal.reviewer_id IS NOT NULL) THEN :param_1::INTEGER
                            ELSE :param_2::INTEGER
                        END,
                        coalesce(user_account.name, reviewing.name) COLLATE "C",
                                                                            proposal.reviewer_id,
                                                                            proposal.reviewer_agent_id;
-- 4 rows
-- :status_1 = ('approved', 'executed', 'execution_failed')
-- :status_2 = 'rejected'
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :status_3 = ('approved', 'executed', 'execution_failed', 'rejected')
-- :param_1 = 0
-- :param_2 = 1
