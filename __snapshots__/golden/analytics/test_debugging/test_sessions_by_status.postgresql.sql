WITH members(member, position) AS (
                                   VALUES (:param_1::VARCHAR,
                                           :param_2::INTEGER), (... 3))
SELECT members.member AS status,
       coalesce(counts.sessions, :coalesce_1::INTEGER) AS sessions,
       CAST(coalesce(counts.sessions, :coalesce_1::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(sum(coalesce(counts.sessions, :coalesce_1::INTEGER)) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share,
       coalesce(counts.owners, :coalesce_2::INTEGER) AS owners
FROM members
LEFT OUTER JOIN
  (SELECT debug_session.status AS status,
          count(*) AS sessions,
          count(DISTINCT debug_session.owner_id) AS owners
   FROM debug_session
   WHERE debug_session.workspace_id = :workspace_id_1::UUID
     AND debug_session.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND debug_session.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
   GROUP BY debug_session.status) AS counts ON counts.status = members.member
ORDER BY members.position;
-- 4 rows
-- :param_1 = 'active'
-- :param_2 = 0
-- :param_3 = 'paused'
-- :param_4 = 1
-- :param_5 = 'completed'
-- :param_6 = 2
-- :param_7 = 'cancelled'
-- :param_8 = 3
-- :coalesce_1 = 0
-- :nullif_1 = 0
-- :coalesce_2 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
