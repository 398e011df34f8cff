WITH members(member, position) AS (
                                   VALUES (:param_1::VARCHAR,
                                           :param_2::INTEGER), (... 6))
SELECT members.member AS status,
       coalesce(counts.runs, :coalesce_1::INTEGER) AS runs,
       CAST(coalesce(counts.runs, :coalesce_1::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(sum(coalesce(counts.runs, :coalesce_1::INTEGER)) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share
FROM members
LEFT OUTER JOIN
  (SELECT agent_execution.status AS member,
          count(*) AS runs
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
     AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
   GROUP BY agent_execution.status) AS counts ON counts.member = members.member
ORDER BY members.position;
-- 7 rows
-- :param_1 = 'pending'
-- :param_2 = 0
-- :param_3 = 'running'
-- :param_4 = 1
-- :param_5 = 'paused'
-- :param_6 = 2
-- :param_7 = 'completed'
-- :param_8 = 3
-- :param_9 = 'failed'
-- :param_10 = 4
-- :param_11 = 'cancelled'
-- :param_12 = 5
-- :param_13 = 'timeout'
-- :param_14 = 6
-- :coalesce_1 = 0
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
