WITH members(member, position) AS (
                                   VALUES (:param_1,
                                           :param_2), (... 4))
SELECT members.member AS status,
       count(supervision_session.started_at) AS sessions,
       CAST(coalesce(sum(supervision_session.intervention_count), :coalesce_1) AS BIGINT) AS interventions,
       avg(CAST(supervision_session.rating AS FLOAT)) AS mean_rating,
       avg(supervision_session.duration_seconds) AS mean_seconds
FROM members
LEFT OUTER JOIN supervision_session ON supervision_session.status = members.member
AND supervision_session.workspace_id = :workspace_id_1
AND supervision_session.started_at >= :started_at_1
AND supervision_session.started_at < :started_at_2
GROUP BY members.member,
         members.position
ORDER BY members.position;
-- 5 rows
-- :param_1 = 'running'
-- :param_2 = 0
-- :param_3 = 'paused'
-- :param_4 = 1
-- :param_5 = 'completed'
-- :param_6 = 2
-- :param_7 = 'interrupted'
-- :param_8 = 3
-- :param_9 = 'failed'
-- :param_10 = 4
-- :coalesce_1 = 0
-- :workspace_id_1 = workspace#1
-- :started_at_1 = 2026-01-05 00:00:00Z
-- :started_at_2 = 2026-01-12 00:00:00Z
