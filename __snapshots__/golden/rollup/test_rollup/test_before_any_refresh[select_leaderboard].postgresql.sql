WITH kept AS
  (SELECT execution_day_built.day AS day
   FROM execution_day_built
   WHERE execution_day_built.workspace_id = :workspace_id_1::UUID
     AND (execution_day_built.day NOT IN
            (SELECT execution_day_change.day
             FROM execution_day_change
             WHERE execution_day_change.workspace_id = :workspace_id_2::UUID)))
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
  (SELECT days.agent_id AS agent_id,
          CAST(coalesce(sum(days.runs), :coalesce_2::INTEGER) AS BIGINT) AS runs,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_1)), :coalesce_3::INTEGER) AS BIGINT) AS successes,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 2 :status_2)), :coalesce_4::INTEGER) AS BIGINT) AS failures
   FROM
     (SELECT execution_day.agent_id AS agent_id,
             execution_day.status AS status,
             execution_day.runs AS runs
      FROM execution_day
      JOIN kept ON execution_day.workspace_id = :workspace_id_3::UUID
      AND execution_day.day = kept.day
      UNION ALL SELECT agent_execution.agent_id AS agent_id,
                       agent_execution.status AS status,
                       count(*) AS runs
      FROM agent_execution
      JOIN
        (SELECT spans.start_at AS start_at,
                spans.end_at AS end_at
         FROM
           (SELECT lag((kept.day + INTERVAL '24 hours'), :lag_1::INTEGER, :param_1::TIMESTAMP WITH TIME ZONE) OVER (
                                                                                                                    ORDER BY kept.day) AS start_at,
                   kept.day AS end_at
            FROM kept
            UNION ALL SELECT coalesce(max((kept.day + INTERVAL '24 hours')), :param_2::TIMESTAMP WITH TIME ZONE) AS coalesce_5,
                             :param_3::TIMESTAMP WITH TIME ZONE AS anon_1
            FROM kept) AS spans
         WHERE spans.end_at > spans.start_at) AS gaps ON agent_execution.workspace_id = :workspace_id_4::UUID
      AND agent_execution.created_at >= gaps.start_at
      AND agent_execution.created_at < gaps.end_at
      GROUP BY agent_execution.agent_id,
               agent_execution.status) AS days
   GROUP BY days.agent_id) AS runs ON runs.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_5::UUID
  AND agent.status != :status_3
ORDER BY rank() OVER (
                      ORDER BY CAST(runs.successes AS FLOAT(53)) / CAST(CAST(nullif(runs.successes + runs.failures, :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) DESC NULLS LAST, agent.confidence_score DESC),
         agent.name COLLATE "C",
                            agent.id
LIMIT :param_4::INTEGER;
-- 5 rows
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :nullif_1 = 0
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :status_1 = ('completed')
-- :coalesce_3 = 0
-- :status_2 = ('failed', 'timeout')
-- :coalesce_4 = 0
-- :workspace_id_3 = workspace#1
-- :lag_1 = 1
-- :param_1 = 0001-01-01 00:00:00Z
-- :param_2 = 0001-01-01 00:00:00Z
-- :param_3 = 9999-12-31 23:59:59.999999Z
-- :workspace_id_4 = workspace#1
-- :workspace_id_5 = workspace#1
-- :status_3 = 'deleted'
-- :param_4 = 5
