WITH members(member, position) AS (
                                   VALUES (:param_1,
                                           :param_2), (... 7))
SELECT members.member AS status,
       coalesce(counts.executions, :coalesce_1) AS executions,
       CAST(coalesce(counts.executions, :coalesce_1) AS FLOAT) / (CAST(nullif(sum(coalesce(counts.executions, :coalesce_1)) OVER (), :nullif_1) AS FLOAT) + 0.0) AS share
FROM members
LEFT OUTER JOIN
  (SELECT +workflow_execution.status AS member,
           count(*) AS executions
   FROM workflow_execution
   WHERE workflow_execution.workspace_id = :workspace_id_1
     AND workflow_execution.created_at >= :created_at_1
     AND workflow_execution.created_at < :created_at_2
   GROUP BY +workflow_execution.status) AS counts ON counts.member = members.member
ORDER BY members.position;
-- 8 rows
-- :param_1 = 'pending'
-- :param_2 = 0
-- :param_3 = 'running'
-- :param_4 = 1
-- :param_5 = 'waiting'
-- :param_6 = 2
-- :param_7 = 'paused'
-- :param_8 = 3
-- :param_9 = 'compensating'
-- :param_10 = 4
-- :param_11 = 'completed'
-- :param_12 = 5
-- :param_13 = 'failed'
-- :param_14 = 6
-- :param_15 = 'cancelled'
-- :param_16 = 7
-- :coalesce_1 = 0
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
