WITH types(member, position) AS (
                                 VALUES (:param_1::VARCHAR,
                                         :param_2::INTEGER), (... 1))
SELECT types.member AS proposal_type,
       count(proposal.id) AS created,
       count(*) FILTER (
                        WHERE proposal.status IN (... 1 :status_1)) AS pending,
       count(*) FILTER (
                        WHERE proposal.status IN (... 3 :status_2)) AS approved,
       count(*) FILTER (
                        WHERE proposal.status IN (... 1 :status_3)) AS executed,
       count(*) FILTER (
                        WHERE proposal.status IN (... 1 :status_4)) AS execution_failed,
       count(*) FILTER (
                        WHERE proposal.status IN (... 1 :status_5)) AS rejected,
       count(*) FILTER (
                        WHERE proposal.status IN (... 1 :status_6)) AS cancelled,
       count(*) FILTER (
                        WHERE proposal.status IN (... 1 :status_7)) AS expired,
       CAST(count(*) FILTER (
                             WHERE proposal.status IN (... 3 :status_8)) AS FLOAT(53)) / CAST(CAST(nullif(count(*) FILTER (
                                                                                                                                           WHERE proposal.status IN (... 4 :status_9)), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS approval_rate
FROM types
LEFT OUTER JOIN proposal ON proposal.proposal_type = types.member
AND proposal.workspace_id = :workspace_id_1::UUID
AND proposal.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
AND proposal.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
GROUP BY types.position,
         types.member
ORDER BY types.position;
-- 2 rows
-- :param_1 = 'action'
-- :param_2 = 0
-- :param_3 = 'training'
-- :param_4 = 1
-- :status_1 = ('pending')
-- :status_2 = ('approved', 'executed', 'execution_failed')
-- :status_3 = ('executed')
-- :status_4 = ('execution_failed')
-- :status_5 = ('rejected')
-- :status_6 = ('cancelled')
-- :status_7 = ('expired')
-- :status_8 = ('approved', 'executed', 'execution_failed')
-- :status_9 = ('approved', 'executed', 'execution_failed', 'rejected')
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
