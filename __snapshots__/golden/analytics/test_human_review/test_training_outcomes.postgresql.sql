SELECT agent.category,
       count(*) AS sessions,
       count(*) FILTER (
                        WHERE training_session.status = :status_1) AS completed,
       count(*) FILTER (
                        WHERE training_session.status = :status_2) AS failed,
       count(*) FILTER (
                        WHERE training_session.status = :status_3) AS cancelled,
       avg(training_session.performance_score) FILTER (
                                                       WHERE training_session.status = :status_1) AS mean_score,
       CAST(count(*) FILTER (
                             WHERE training_session.status = :status_1
                               AND training_session.promoted IS true) AS FLOAT(53)) / CAST(CAST(nullif(count(*) FILTER (
                                                                                                                        WHERE training_session.status = :status_1), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS promotion_rate,
       avg(training_session.duration_seconds / CAST(:param_1 AS FLOAT(53))) FILTER (
                                                                                    WHERE training_session.status = :status_1) AS mean_hours
FROM training_session
JOIN agent ON agent.id = training_session.agent_id
AND agent.workspace_id = :workspace_id_1::UUID
WHERE training_session.workspace_id = :workspace_id_2::UUID
  AND training_session.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
  AND training_session.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
GROUP BY agent.category
ORDER BY agent.category COLLATE "C";
-- 3 rows
-- :status_1 = 'completed'
-- :status_2 = 'failed'
-- :status_3 = 'cancelled'
-- :nullif_1 = 0
-- :param_1 = 3600.0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
