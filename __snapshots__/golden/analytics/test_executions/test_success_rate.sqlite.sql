SELECT runs.runs,
       runs.successes + runs.failures AS outcomes,
       runs.successes,
       runs.failures,
       CAST(runs.successes AS FLOAT) / (CAST(nullif(runs.successes + runs.failures, :nullif_1) AS FLOAT) + 0.0) AS success_rate
FROM
  (SELECT count(*) AS runs,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 1 :status_1)) AS successes,
          count(*) FILTER (
                           WHERE agent_execution.status IN (... 2 :status_2)) AS failures
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1
     AND agent_execution.created_at >= :created_at_1
     AND agent_execution.created_at < :created_at_2) AS runs;
-- 1 row
-- :nullif_1 = 0
-- :status_1 = ('completed')
-- :status_2 = ('failed', 'timeout')
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
