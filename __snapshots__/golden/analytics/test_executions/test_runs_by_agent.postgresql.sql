SELECT agent.id AS agent_id,
       agent.name AS agent,
       agent.status AS agent_status,
       coalesce(runs.runs, :coalesce_1::INTEGER) AS runs,
       coalesce(runs.pending, :coalesce_2::INTEGER) AS pending,
       coalesce(runs.running, :coalesce_3::INTEGER) AS running,
       coalesce(runs.paused, :coalesce_4::INTEGER) AS paused,
       coalesce(runs.completed, :coalesce_5::INTEGER) AS completed,
       coalesce(runs.failed, :coalesce_6::INTEGER) AS failed,
       coalesce(runs.cancelled, :coalesce_7::INTEGER) AS cancelled,
       coalesce(runs.timeout, :coalesce_8::INTEGER) AS timeout
FROM agent
LEFT OUTER JOIN
  (SELECT agent_execution.agent_id AS agent_id,
          count(*) AS runs,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_1)) AS pending,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_2)) AS running,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_3)) AS paused,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_4)) AS completed,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_5)) AS failed,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_6)) AS cancelled,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_7)) AS timeout
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
     AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
   GROUP BY agent_execution.agent_id) AS runs ON runs.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_2::UUID
  AND (agent.status != :status_8
       OR runs.agent_id IS NOT NULL)
ORDER BY coalesce(runs.runs, :coalesce_1::INTEGER) DESC, agent.name COLLATE "C",
                                                                            agent.id;
-- 7 rows
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :coalesce_3 = 0
-- :coalesce_4 = 0
-- :coalesce_5 = 0
-- :coalesce_6 = 0
-- :coalesce_7 = 0
-- :coalesce_8 = 0
-- :status_1 = ('pending')
-- :status_2 = ('running')
-- :status_3 = ('paused')
-- :status_4 = ('completed')
-- :status_5 = ('failed')
-- :status_6 = ('cancelled')
-- :status_7 = ('timeout')
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :status_8 = 'deleted'
