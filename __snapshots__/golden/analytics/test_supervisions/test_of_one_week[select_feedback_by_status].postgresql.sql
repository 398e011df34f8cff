WITH members(member, position) AS (
                                   VALUES (:param_1::VARCHAR,
                                           :param_2::INTEGER), (... 2))
SELECT members.member AS status,
       count(agent_feedback.created_at) AS feedback,
       count(agent_feedback.user_correction) AS corrections,
       avg(CAST(agent_feedback.rating AS FLOAT(53))) AS mean_rating
FROM members
LEFT OUTER JOIN agent_feedback ON agent_feedback.status = members.member
AND agent_feedback.workspace_id = :workspace_id_1::UUID
AND agent_feedback.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
AND agent_feedback.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
GROUP BY members.member,
         members.position
ORDER BY members.position;
-- 3 rows
-- :param_1 = 'pending'
-- :param_2 = 0
-- :param_3 = 'accepted'
-- :param_4 = 1
-- :param_5 = 'rejected'
-- :param_6 = 2
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
