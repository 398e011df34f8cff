SELECT agent.id AS agent_id,
       agent.name AS agent,
       count(*) AS sessions,
       CAST(coalesce(sum(supervision_session.intervention_count), :coalesce_1::INTEGER) AS BIGINT) AS interventions,
       avg(CAST(supervision_session.intervention_count AS FLOAT(53))) AS per_session,
       max(supervision_session.intervention_count) AS most,
       count(*) FILTER (
                        WHERE supervision_session.intervention_count = :intervention_count_1::INTEGER) AS untouched
FROM supervision_session
JOIN agent ON agent.id = supervision_session.agent_id
AND agent.workspace_id = :workspace_id_1::UUID
WHERE supervision_session.workspace_id = :workspace_id_2::UUID
  AND supervision_session.started_at >= :started_at_1::TIMESTAMP WITH TIME ZONE
  AND supervision_session.started_at < :started_at_2::TIMESTAMP WITH TIME ZONE
GROUP BY agent.id,
         agent.name
ORDER BY avg(CAST(supervision_session.intervention_count AS FLOAT(53))) DESC, agent.name COLLATE "C",
                                                                                                 agent.id;
-- 3 rows
-- :coalesce_1 = 0
-- :intervention_count_1 = 0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :started_at_1 = 2026-01-05 00:00:00Z
-- :started_at_2 = 2026-01-12 00:00:00Z
