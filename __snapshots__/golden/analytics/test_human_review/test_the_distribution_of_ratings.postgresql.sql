SELECT count(*) AS feedback,
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
  AND agent_feedback.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE;
-- 1 row
-- :rating_1 = 1
-- :rating_2 = 2
-- :rating_3 = 3
-- :rating_4 = 4
-- :rating_5 = 5
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
