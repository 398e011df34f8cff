SELECT agent_execution.error_type,
       count(*) AS failures,
       CAST(count(*) AS FLOAT(53)) / CAST(CAST(nullif(sum(count(*)) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share,
       count(DISTINCT agent_execution.agent_id) AS agents,
       max(coalesce(agent_execution.completed_at, agent_execution.created_at)) AS last_seen
FROM agent_execution
WHERE agent_execution.workspace_id = :workspace_id_1::UUID
  AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
  AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
  AND agent_execution.status IN (... 2)
GROUP BY agent_execution.error_type
ORDER BY count(*) DESC, agent_execution.error_type COLLATE "C" ASC NULLS LAST;
-- 5 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :status_1 = ('failed', 'timeout')
