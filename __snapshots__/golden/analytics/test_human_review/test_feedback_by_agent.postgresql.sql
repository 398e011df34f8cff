SELECT agent.id AS agent_id,
       agent.name AS agent,
       coalesce(said.feedback, :coalesce_1::INTEGER) AS feedback,
       coalesce(said.ratings, :coalesce_2::INTEGER) AS ratings,
       said.mean_rating,
       coalesce(said.stars_1, :coalesce_3::INTEGER) AS stars_1,
       coalesce(said.stars_2, :coalesce_4::INTEGER) AS stars_2,
       coalesce(said.stars_3, :coalesce_5::INTEGER) AS stars_3,
       coalesce(said.stars_4, :coalesce_6::INTEGER) AS stars_4,
       coalesce(said.stars_5, :coalesce_7::INTEGER) AS stars_5
FROM agent
LEFT OUTER JOIN
  (SELECT agent_feedback.agent_id AS agent_id,
          count(*) AS feedback,
          count(agent_feedback.rating) AS ratings,
          avg(CAST(agent_feedback.rating AS FLOAT(53))) AS mean_rating,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_1::INTEGER) AS stars_1,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_2::INTEGER) AS stars_2,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_3::INTEGER) AS stars_3,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_4::INTEGER) AS stars_4,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_5::INTEGER) AS stars_5
   FROM agent_feedback
   WHERE agent_feedback.workspace_id = :workspace_id_1::UUID
     AND agent_feedback.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND agent_feedback.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
   GROUP BY agent_feedback.agent_id) AS said ON said.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_2::UUID
  AND (agent.status != :status_1
       OR said.agent_id IS NOT NULL)
ORDER BY said.mean_rating DESC NULLS LAST,
         agent.name COLLATE "C",
                            agent.id;
-- 7 rows
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :coalesce_3 = 0
-- :coalesce_4 = 0
-- :coalesce_5 = 0
-- :coalesce_6 = 0
-- :coalesce_7 = 0
-- :rating_1 = 1
-- :rating_2 = 2
-- :rating_3 = 3
-- :rating_4 = 4
-- :rating_5 = 5
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :status_1 = 'deleted'
