WITH members(member, position) AS (
                                   VALUES (:param_1::VARCHAR,
                                           :param_2::INTEGER), (... 9))
SELECT members.member AS triggered_by,
       coalesce(counts.runs, :coalesce_1::INTEGER) AS runs,
       CAST(coalesce(counts.runs, :coalesce_1::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(sum(coalesce(counts.runs, :coalesce_1::INTEGER)) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share
FROM members
LEFT OUTER JOIN
  (SELECT agent_execution.triggered_by AS member,
          count(*) AS runs
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
     AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
   GROUP BY agent_execution.triggered_by) AS counts ON counts.member = members.member
ORDER BY members.position;
-- 10 rows
-- :param_1 = 'manual'
-- :param_2 = 0
-- :param_3 = 'schedule'
-- :param_4 = 1
-- :param_5 = 'websocket'
-- :param_6 = 2
-- :param_7 = 'event'
-- :param_8 = 3
-- :param_9 = 'data_sync'
-- :param_10 = 4
-- :param_11 = 'workflow_engine'
-- :param_12 = 5
-- :param_13 = 'ai_coordinator'
-- :param_14 = 6
-- :param_15 = 'canvas'
-- :param_16 = 7
-- :param_17 = 'form_submission'
-- :param_18 = 8
-- :param_19 = 'proposal'
-- :param_20 = 9
-- :coalesce_1 = 0
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
