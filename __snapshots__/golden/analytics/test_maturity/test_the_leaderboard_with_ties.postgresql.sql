UPDATE agent
SET confidence_score=:confidence_score,
    updated_at=:updated_at::TIMESTAMP WITH TIME ZONE
WHERE agent.id = :id_1::UUID;
-- 1 row
-- :confidence_score = 0.6
-- :updated_at = 2026-03-02 09:00:00Z
-- :id_1 = agent#4

SELECT rank() OVER (
                    ORDER BY CAST(runs.successes AS FLOAT(53)) / CAST(CAST(nullif(runs.successes + runs.failures, :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) DESC NULLS LAST, agent.confidence_score DESC) AS rank,
       agent.id AS agent_id,
       agent.name AS agent,
       agent.maturity_level,
       agent.confidence_score,
       coalesce(runs.successes + runs.failures, :coalesce_1::INTEGER) AS outcomes,
       CAST(runs.successes AS FLOAT(53)) / CAST(CAST(nullif(runs.successes + runs.failures, :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS success_rate
FROM agent
LEFT OUTER JOIN
  (SELECT agent_execution.agent_id AS agent_id,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_1)) AS successes,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 2 :status_2)) AS failures
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
   GROUP BY agent_execution.agent_id) AS runs ON runs.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_2::UUID
  AND agent.status != :status_3
ORDER BY rank() OVER (
                      ORDER BY CAST(runs.successes AS FLOAT(53)) / CAST(CAST(nullif(runs.successes + runs.failures, :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) DESC NULLS LAST, agent.confidence_score DESC),
         agent.name COLLATE "C",
                            agent.id
LIMIT :param_1::INTEGER;
-- 6 rows
-- :nullif_1 = 0
-- :coalesce_1 = 0
-- :status_1 = ('completed')
-- :status_2 = ('failed', 'timeout')
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :status_3 = 'deleted'
-- :param_1 = 10
