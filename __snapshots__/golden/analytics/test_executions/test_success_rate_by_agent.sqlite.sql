SELECT agent.id AS agent_id,
       agent.name AS agent,
       coalesce(runs.runs, :coalesce_1) AS runs,
       coalesce(runs.successes + runs.failures, :coalesce_2) AS outcomes,
       coalesce(runs.successes, :coalesce_3) AS successes,
       coalesce(runs.failures, :coalesce_4) AS failures,
       CAST(runs.successes AS FLOAT) / (CAST(nullif(runs.successes + runs.failures, :nullif_1) AS FLOAT) + 0.0) AS success_rate
FROM agent
LEFT OUTER JOIN
  (SELECT +agent_execution.agent_id AS agent_id,
           count(*) AS runs,
           count(*) FILTER (
                            WHERE agent_execution.status IN (... 1 :status_1)) AS successes,
           count(*) FILTER (
                            WHERE agent_execution.status IN (... 2 :status_2)) AS failures
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1
     AND agent_execution.created_at >= :created_at_1
     AND agent_execution.created_at < :created_at_2
   GROUP BY +agent_execution.agent_id) AS runs ON runs.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_2
  AND (agent.status != :status_3
       OR runs.agent_id IS NOT NULL)
ORDER BY CAST(runs.successes AS FLOAT) / (CAST(nullif(runs.successes + runs.failures, :nullif_1) AS FLOAT) + 0.0) DESC NULLS LAST, coalesce(runs.successes + runs.failures, :coalesce_5) DESC, agent.name,
                                                                                                                                                                                               agent.id;
-- 7 rows
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :coalesce_3 = 0
-- :coalesce_4 = 0
-- :nullif_1 = 0
-- :status_1 = ('completed')
-- :status_2 = ('failed', 'timeout')
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :status_3 = 'deleted'
-- :coalesce_5 = 0
