SELECT rank() OVER (
                    ORDER BY rates.success_rate DESC NULLS LAST, agent.confidence_score DESC) AS rank,
       agent.id AS agent_id,
       agent.name AS agent,
       agent.maturity_level,
       agent.confidence_score,
       coalesce(rates.outcomes, :coalesce_1::INTEGER) AS outcomes,
       rates.success_rate
FROM agent
LEFT OUTER JOIN
  (SELECT agent_execution.agent_id AS agent_id,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 3)) AS outcomes,
          CAST(count(*) FILTER (
                                WHERE agent_execution.status IN (... 1)) AS FLOAT(53)) / CAST(CAST(nullif(count(*) FILTER (
                                                                                                                                           WHERE agent_execution.status IN (... 3)), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS success_rate
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
   GROUP BY agent_execution.agent_id) AS rates ON rates.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_2::UUID
  AND agent.status != :status_4
ORDER BY rank() OVER (
                      ORDER BY rates.success_rate DESC NULLS LAST, agent.confidence_score DESC),
         agent.name COLLATE "C",
                            agent.id
LIMIT :param_1::INTEGER;
-- 4 rows
-- :coalesce_1 = 0
-- :status_1 = ('completed', 'failed', 'timeout')
-- :status_2 = ('completed')
-- :status_3 = ('completed', 'failed', 'timeout')
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :status_4 = 'deleted'
-- :param_1 = 10
