INSERT INTO agent (id, workspace_id, name, description, category, module_path, class_name, maturity_level, status, confidence_score, capabilities, created_at, updated_at)
VALUES (:id::UUID, :workspace_id::UUID, :name::VARCHAR, :description::VARCHAR, :category::VARCHAR, :module_path::VARCHAR, :class_name::VARCHAR, :maturity_level, :status, :confidence_score, :capabilities::JSON, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE);
-- x 2: 2 rows
-- :id = reviewer_agent#2, reviewer_agent#1
-- :workspace_id = workspace#s1
-- :name = 'Twin'
-- :description = ''
-- :category = 'c'
-- :module_path = 'm'
-- :class_name = '242', '241'
-- :maturity_level = 'student'
-- :status = 'active'
-- :confidence_score = 0.4
-- :capabilities = []
-- :created_at = 2026-03-02 09:00:00Z, 2026-03-02 09:00:02Z
-- :updated_at = 2026-03-02 09:00:01Z, 2026-03-02 09:00:03Z

INSERT INTO proposal (id, workspace_id, agent_id, proposal_type, title, description, proposed_action, status, reviewer_agent_id, capability_gaps, expires_at, created_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :proposal_type, :title::VARCHAR, :description::VARCHAR, :proposed_action::JSON, :status, :reviewer_agent_id::UUID, :capability_gaps::JSON, :expires_at::TIMESTAMP WITH TIME ZONE, :created_at::TIMESTAMP WITH TIME ZONE);
-- x 2: 1 row each
-- :id = proposal#s1, proposal#s2
-- :workspace_id = workspace#s1
-- :agent_id = agent#s1
-- :proposal_type = 'action'
-- :title = 't'
-- :description = ''
-- :proposed_action = {}
-- :status = 'rejected'
-- :reviewer_agent_id = reviewer_agent#2, reviewer_agent#1
-- :capability_gaps = []
-- :expires_at = 2026-01-05 00:00:00Z
-- :created_at = 2026-01-05 00:00:00Z

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
-- 2 rows
-- :status_1 = ('approved', 'executed', 'execution_failed')
-- :status_2 = 'rejected'
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :status_3 = ('approved', 'executed', 'execution_failed', 'rejected')
-- :param_1 = 0
-- :param_2 = 1
