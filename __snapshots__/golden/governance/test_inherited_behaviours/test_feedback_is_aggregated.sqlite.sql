SELECT agent_feedback.agent_id,
       agent.name,
       count(*) AS feedback,
       sum(CASE
               WHEN (agent_feedback.status = :status_1) THEN :param_1
               ELSE :param_2
           END) AS pending,
       sum(CASE
               WHEN (agent_feedback.status = :status_2) THEN :param_3
               ELSE :param_4
           END) AS accepted,
       sum(CASE
               WHEN (agent_feedback.status = :status_3) THEN :param_5
               ELSE :param_6
           END) AS rejected,
       count(agent_feedback.user_correction) AS corrections,
       count(agent_feedback.rating) AS ratings,
       (sum(agent_feedback.rating) * :sum_1) / (nullif(count(agent_feedback.rating), :nullif_1) + 0.0) AS mean_rating
FROM agent_feedback
JOIN agent ON agent.id = agent_feedback.agent_id
WHERE agent_feedback.workspace_id = :workspace_id_1
GROUP BY agent_feedback.agent_id,
         agent.name
ORDER BY agent.name,
         agent_feedback.agent_id;
-- x 2: 1 row each
-- :status_1 = 'pending'
-- :param_1 = 1
-- :param_2 = 0
-- :status_2 = 'accepted'
-- :param_3 = 1
-- :param_4 = 0
-- :status_3 = 'rejected'
-- :param_5 = 1
-- :param_6 = 0
-- :sum_1 = 1
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
