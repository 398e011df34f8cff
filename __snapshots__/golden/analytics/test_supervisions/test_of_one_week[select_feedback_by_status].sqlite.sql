WITH members(member, position) AS (
                                   VALUES (:param_1,
                                           :param_2), (... 2))
SELECT members.member AS status,
       count(agent_feedback.created_at) AS feedback,
       count(agent_feedback.user_correction) AS corrections,
       avg(CAST(agent_feedback.rating AS FLOAT)) AS mean_rating
FROM members
LEFT OUTER JOIN agent_feedback ON agent_feedback.status = members.member
AND agent_feedback.workspace_id = :workspace_id_1
AND agent_feedback.created_at >= :created_at_1
AND agent_feedback.created_at < :created_at_2
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
