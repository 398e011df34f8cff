SELECT levels.instant,
       levels.running
FROM
  (SELECT steps.instant AS instant,
          steps.change AS change,
          CAST(sum(steps.change) OVER (
                                       ORDER BY steps.instant) AS INTEGER) AS running
   FROM
     (SELECT marked.instant AS instant,
             CAST(coalesce(sum(marked.change), :coalesce_1) AS BIGINT) AS change
      FROM
        (SELECT :param_1 AS instant,
                :param_2 AS change
         UNION ALL SELECT changes.instant AS instant,
                          changes.change AS change
         FROM
           (SELECT CASE
                       WHEN (ended.started_at < :param_3) THEN :param_3
                       ELSE ended.started_at
                   END AS instant,
                   :param_4 AS change
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      agent_execution.completed_at AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1
                 AND agent_execution.started_at < :param_5
                 AND agent_execution.started_at < :param_6
                 AND agent_execution.completed_at > :param_3) AS ended
            UNION ALL SELECT ended.ended_at AS ended_at,
                             :param_7 AS anon_1
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      agent_execution.completed_at AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1
                 AND agent_execution.started_at < :param_5
                 AND agent_execution.started_at < :param_6
                 AND agent_execution.completed_at > :param_3) AS ended
            WHERE ended.ended_at < :param_5
            UNION ALL SELECT CASE
                                 WHEN (going_on.started_at < :param_3) THEN :param_3
                                 ELSE going_on.started_at
                             END AS instant,
                             :param_8 AS change
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      :param_9 AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1
                 AND agent_execution.started_at < :param_5
                 AND agent_execution.started_at < :param_6
                 AND agent_execution.completed_at IS NULL
                 AND :param_10 > :param_3) AS going_on
            UNION ALL SELECT going_on.ended_at AS ended_at,
                             :param_11 AS anon_2
            FROM
              (SELECT agent_execution.started_at AS started_at,
                      :param_9 AS ended_at
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1
                 AND agent_execution.started_at < :param_5
                 AND agent_execution.started_at < :param_6
                 AND agent_execution.completed_at IS NULL
                 AND :param_10 > :param_3) AS going_on
            WHERE going_on.ended_at < :param_5) AS changes) AS marked
      GROUP BY marked.instant) AS steps) AS levels
WHERE levels.change != :change_1
  OR levels.instant = :instant_1
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
