SELECT count(*) AS runs,
       count(*) FILTER (
                        WHERE agent_execution.status IN (... 3)) AS outcomes,
       count(*) FILTER (
                        WHERE agent_execution.status IN (... 1)) AS successes,
       count(*) FILTER (
                        WHERE agent_execution.status IN (... 2)) AS failures,
       CAST(count(*) FILTER (
                             WHERE agent_execution.status IN (... 1)) AS FLOAT) / (CAST(nullif(count(*) FILTER (
                                                                                                                                WHERE agent_execution.status IN (... 3)), :nullif_1) AS FLOAT) + 0.0) AS success_rate
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1
  AND agent_execution.created_at >= :created_at_1
  AND agent_execution.created_at < :created_at_2;
-- 1 row
-- :status_1 = ('completed', 'failed', 'timeout')
-- :status_2 = ('completed')
-- :status_3 = ('failed', 'timeout')
-- :status_4 = ('completed')
-- :status_5 = ('completed', 'failed', 'timeout')
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-05 00:00:00Z
