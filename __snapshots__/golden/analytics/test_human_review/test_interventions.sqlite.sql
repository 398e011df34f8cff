SELECT agent.id AS agent_id,
       agent.name AS agent,
       count(*) AS sessions,
       CAST(coalesce(sum(supervision_session.intervention_count), :coalesce_1) AS BIGINT) AS interventions,
       avg(CAST(supervision_session.intervention_count AS FLOAT)) AS per_session,
       max(supervision_session.intervention_count) AS most,
       count(*) FILTER (
                        WHERE supervision_session.intervention_count = :intervention_count_1) AS untouched
FROM supervision_session
JOIN agent ON agent.id = supervision_session.agent_id
WHERE supervision_session.workspace_id = :workspace_id_1
  AND supervision_session.started_at >= :started_at_1
  AND supervision_session.started_at < :started_at_2
GROUP BY agent.id,
         agent.name
ORDER BY avg(CAST(supervision_session.intervention_count AS FLOAT)) DESC, agent.name,
                                                                          agent.id;
-- 3 rows
-- :coalesce_1 = 0
-- :intervention_count_1 = 0
-- :workspace_id_1 = workspace#1
-- :started_at_1 = 2026-01-05 00:00:00Z
-- :started_at_2 = 2026-01-12 00:00:00Z
