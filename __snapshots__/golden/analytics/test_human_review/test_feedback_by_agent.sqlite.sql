SELECT agent.id AS agent_id,
       agent.name AS agent,
       coalesce(said.feedback, :coalesce_1) AS feedback,
       coalesce(said.ratings, :coalesce_2) AS ratings,
       said.mean_rating,
       coalesce(said.stars_1, :coalesce_3) AS stars_1,
       coalesce(said.stars_2, :coalesce_4) AS stars_2,
       coalesce(said.stars_3, :coalesce_5) AS stars_3,
       coalesce(said.stars_4, :coalesce_6) AS stars_4,
       coalesce(said.stars_5, :coalesce_7) AS stars_5
FROM agent
LEFT OUTER JOIN
  (SELECT agent_feedback.agent_id AS agent_id,
          count(*) AS feedback,
          count(agent_feedback.rating) AS ratings,
          avg(CAST(agent_feedback.rating AS FLOAT)) AS mean_rating,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_1) AS stars_1,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_2) AS stars_2,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_3) AS stars_3,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_4) AS stars_4,
          count(*) FILTER (
                           WHERE agent_feedback.rating = :rating_5) AS stars_5
   FROM agent_feedback
   WHERE agent_feedback.workspace_id = :workspace_id_1
     AND agent_feedback.created_at >= :created_at_1
     AND agent_feedback.created_at < :created_at_2
   GROUP BY agent_feedback.agent_id) AS said ON said.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_2
  AND (agent.status != :status_1
       OR said.agent_id IS NOT NULL)
ORDER BY said.mean_rating DESC NULLS LAST,
         agent.name,
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
