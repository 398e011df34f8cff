WITH members(member, position) AS (
                                   VALUES (:param_1,
                                           :param_2), (... 6))
SELECT members.member AS status,
       coalesce(counts.runs, :coalesce_1) AS runs,
       CAST(coalesce(counts.runs, :coalesce_1) AS FLOAT) / (CAST(nullif(sum(coalesce(counts.runs, :coalesce_1)) OVER (), :nullif_1) AS FLOAT) + 0.0) AS share
FROM members
LEFT OUTER JOIN
  (SELECT days.status AS member,
          CAST(coalesce(sum(days.runs), :coalesce_2) AS BIGINT) AS runs
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
                                      ORDER BY edge.value) - :param_15 AS number
            FROM json_each(:param_16) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      JOIN execution_day ON execution_day.workspace_id = :workspace_id_1
      AND execution_day.day = bucket.start_at
      WHERE bucket.start_at < :param_17
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
                       coalesce(sum(agent_execution.duration_seconds), :param_18) AS seconds
      FROM
        (SELECT span.start_at AS start_at,
                span.end_at AS end_at,
                span.number AS number
         FROM
           (SELECT edge.value AS start_at,
                   lead(edge.value) OVER (
                                          ORDER BY edge.value) AS end_at,
                   row_number() OVER (
                                      ORDER BY edge.value) - :param_15 AS number
            FROM json_each(:param_16) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      JOIN agent_execution ON agent_execution.workspace_id = :workspace_id_4
      AND agent_execution.created_at >= bucket.start_at
      AND agent_execution.created_at < bucket.end_at
      WHERE NOT (bucket.start_at < :param_19
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
   GROUP BY days.status) AS counts ON counts.member = members.member
ORDER BY members.position;
-- 7 rows
-- :param_1 = 'pending'
-- :param_2 = 0
-- :param_3 = 'running'
-- :param_4 = 1
-- :param_5 = 'paused'
-- :param_6 = 2
-- :param_7 = 'completed'
-- :param_8 = 3
-- :param_9 = 'failed'
-- :param_10 = 4
-- :param_11 = 'cancelled'
-- :param_12 = 5
-- :param_13 = 'timeout'
-- :param_14 = 6
-- :coalesce_1 = 0
-- :nullif_1 = 0
-- :coalesce_2 = 0
-- :param_15 = 1
-- :param_16 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :workspace_id_1 = workspace#1
-- :param_17 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :workspace_id_3 = workspace#1
-- :param_18 = 0.0
-- :workspace_id_4 = workspace#1
-- :param_19 = 2026-01-12 00:00:00Z
-- :workspace_id_5 = workspace#1
-- :workspace_id_6 = workspace#1
