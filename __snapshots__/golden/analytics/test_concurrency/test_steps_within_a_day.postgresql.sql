SELECT levels.instant,
       levels.running
FROM
  (SELECT steps.instant AS instant,
          steps.change AS change,
          CAST(sum(steps.change) OVER (
                                       ORDER BY steps.instant) AS INTEGER) AS running
   FROM
     (SELECT marked.instant AS instant,
             CAST(coalesce(sum(marked.change), :coalesce_1::INTEGER) AS BIGINT) AS change
      FROM
        (SELECT :param_1::TIMESTAMP WITH TIME ZONE AS instant,
                                                      :param_2::INTEGER AS change
         UNION ALL SELECT changes.instant AS instant,
                          changes.change AS change
         FROM
           (SELECT CASE
                       WHEN (ended.started_at < :param_3::TIMESTAMP WITH TIME ZONE) THEN :param_3::TIMESTAMP WITH TIME ZONE
                       ELSE ended.started_at
                   END AS instant,
                   :param_4::INTEGER AS change
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      agent_execution.completed_at AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                 AND agent_execution.started_at < :param_5::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.started_at < :param_6::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.completed_at > :param_3::TIMESTAMP WITH TIME ZONE) AS ended
            UNION ALL SELECT ended.ended_at AS ended_at,
                             :param_7::INTEGER AS anon_1
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      agent_execution.completed_at AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                 AND agent_execution.started_at < :param_5::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.started_at < :param_6::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.completed_at > :param_3::TIMESTAMP WITH TIME ZONE) AS ended
            WHERE ended.ended_at < :param_5::TIMESTAMP WITH TIME ZONE
            UNION ALL SELECT CASE
                                 WHEN (going_on.started_at < :param_3::TIMESTAMP WITH TIME ZONE) THEN :param_3::TIMESTAMP WITH TIME ZONE
                                 ELSE going_on.started_at
                             END AS instant,
                             :param_8::INTEGER AS change
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      :param_9::TIMESTAMP WITH TIME ZONE AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                 AND agent_execution.started_at < :param_5::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.started_at < :param_6::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.completed_at IS NULL
                 AND :param_10::TIMESTAMP WITH TIME ZONE > :param_3::TIMESTAMP WITH TIME ZONE) AS going_on
            UNION ALL SELECT going_on.ended_at AS ended_at,
                             :param_11::INTEGER AS anon_2
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      :param_9::TIMESTAMP WITH TIME ZONE AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                 AND agent_execution.started_at < :param_5::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.started_at < :param_6::TIMESTAMP WITH TIME ZONE
                 AND agent_execution.completed_at IS NULL
                 AND :param_10::TIMESTAMP WITH TIME ZONE > :param_3::TIMESTAMP WITH TIME ZONE) AS going_on
            WHERE going_on.ended_at < :param_5::TIMESTAMP WITH TIME ZONE) AS changes) AS marked
      GROUP BY marked.instant) AS steps) AS levels
WHERE levels.change != :change_1::BIGINT
  OR levels.instant = :instant_1::TIMESTAMP WITH TIME ZONE
ORDER BY levels.instant;
-- 5 rows
-- :coalesce_1 = 0
-- :param_1 = 2026-01-09 00:00:00Z
-- :param_2 = 0
-- :param_3 = 2026-01-09 00:00:00Z
-- :param_4 = 1
-- :workspace_id_1 = workspace#s1
-- :param_5 = 2026-01-10 00:00:00Z
-- :param_6 = 2026-01-12 00:00:00Z
-- :param_7 = -1
-- :param_8 = 1
-- :param_9 = 2026-01-12 00:00:00Z
-- :param_10 = 2026-01-12 00:00:00Z
-- :param_11 = -1
-- :change_1 = 0
-- :instant_1 = 2026-01-09 00:00:00Z
