SELECT agent.id AS agent_id,
       agent.name AS agent,
       agent.status AS agent_status,
       coalesce(runs.runs, :coalesce_1) AS runs,
       coalesce(runs.pending, :coalesce_2) AS pending,
       coalesce(runs.running, :coalesce_3) AS running,
       coalesce(runs.paused, :coalesce_4) AS paused,
       coalesce(runs.completed, :coalesce_5) AS completed,
       coalesce(runs.failed, :coalesce_6) AS failed,
       coalesce(runs.cancelled, :coalesce_7) AS cancelled,
       coalesce(runs.timeout, :coalesce_8) AS timeout
FROM agent
LEFT OUTER JOIN
  (SELECT days.agent_id AS agent_id,
          CAST(coalesce(sum(days.runs), :coalesce_9) AS BIGINT) AS runs,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_1)), :coalesce_10) AS BIGINT) AS pending,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_2)), :coalesce_11) AS BIGINT) AS running,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_3)), :coalesce_12) AS BIGINT) AS paused,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_4)), :coalesce_13) AS BIGINT) AS completed,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_5)), :coalesce_14) AS BIGINT) AS failed,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_6)), :coalesce_15) AS BIGINT) AS cancelled,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_7)), :coalesce_16) AS BIGINT) AS timeout
   FROM
     (SELECT bucket.start_at AS start_at,
             execution_day.agent_id AS agent_id,
             execution_day.status AS status,
             execution_day.runs AS runs,
             execution_day.timed AS timed,
             execution_day.seconds AS seconds
      FROM
        (SELECT span.start_at AS start_at,
                span.end_at AS end_at,
                span.number AS number
         FROM
           (SELECT edge.value AS start_at,
                   lead(edge.value) OVER (
                                          ORDER BY edge.value) AS end_at,
                   row_number() OVER (
                                      ORDER BY edge.value) - :param_1 AS number
            FROM json_each(:param_2) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      JOIN execution_day ON execution_day.workspace_id = :workspace_id_1
      AND execution_day.day = bucket.start_at
      WHERE bucket.start_at < :param_3
        AND (EXISTS
               (SELECT *
                FROM execution_day_built
                WHERE execution_day_built.workspace_id = :workspace_id_2
                  AND execution_day_built.day = bucket.start_at))
        AND NOT (EXISTS
                   (SELECT *
                    FROM execution_day_change
                    WHERE execution_day_change.workspace_id = :workspace_id_3
                      AND execution_day_change.day = bucket.start_at))
      UNION ALL SELECT bucket.start_at AS start_at,
                       agent_execution.agent_id AS agent_id,
                       agent_execution.status AS status,
                       count(*) AS runs,
                       count(agent_execution.duration_seconds) AS timed,
                       coalesce(sum(agent_execution.duration_seconds), :param_4) AS seconds
      FROM
        (SELECT span.start_at AS start_at,
                span.end_at AS end_at,
                span.number AS number
         FROM
           (SELECT edge.value AS start_at,
                   lead(edge.value) OVER (
                                          ORDER BY edge.value) AS end_at,
                   row_number() OVER (
                                      ORDER BY edge.value) - :param_1 AS number
            FROM json_each(:param_2) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      JOIN agent_execution ON agent_execution.workspace_id = :workspace_id_4
      AND agent_execution.created_at >= bucket.start_at
      AND agent_execution.created_at < bucket.end_at
      WHERE NOT (bucket.start_at < :param_5
                 AND (EXISTS
                        (SELECT *
                         FROM execution_day_built
                         WHERE execution_day_built.workspace_id = :workspace_id_5
                           AND execution_day_built.day = bucket.start_at))
                 AND NOT (EXISTS
                            (SELECT *
                             FROM execution_day_change
                             WHERE execution_day_change.workspace_id = :workspace_id_6
                               AND execution_day_change.day = bucket.start_at)))
      GROUP BY bucket.start_at,
               agent_execution.agent_id,
               agent_execution.status) AS days
   GROUP BY days.agent_id) AS runs ON runs.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_7
  AND (agent.status != :status_8
       OR runs.agent_id IS NOT NULL)
ORDER BY coalesce(runs.runs, :coalesce_1) DESC, agent.name,
                                                agent.id;
-- 7 rows
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :coalesce_3 = 0
-- :coalesce_4 = 0
-- :coalesce_5 = 0
-- :coalesce_6 = 0
-- :coalesce_7 = 0
-- :coalesce_8 = 0
-- :coalesce_9 = 0
-- :status_1 = ('pending')
-- :coalesce_10 = 0
-- :status_2 = ('running')
-- :coalesce_11 = 0
-- :status_3 = ('paused')
-- :coalesce_12 = 0
-- :status_4 = ('completed')
-- :coalesce_13 = 0
-- :status_5 = ('failed')
-- :coalesce_14 = 0
-- :status_6 = ('cancelled')
-- :coalesce_15 = 0
-- :status_7 = ('timeout')
-- :coalesce_16 = 0
-- :param_1 = 1
-- :param_2 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :workspace_id_1 = workspace#1
-- :param_3 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :workspace_id_3 = workspace#1
-- :param_4 = 0.0
-- :workspace_id_4 = workspace#1
-- :param_5 = 2026-01-12 00:00:00Z
-- :workspace_id_5 = workspace#1
-- :workspace_id_6 = workspace#1
-- :workspace_id_7 = workspace#1
-- :status_8 = 'deleted'
