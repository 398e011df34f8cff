SELECT counts.start_at,
       counts.end_at,
       counts.runs,
       counts.runs - lag(counts.runs) OVER (
                                            ORDER BY counts.start_at) AS change,
       CAST(counts.runs - lag(counts.runs) OVER (
                                                 ORDER BY counts.start_at) AS FLOAT) / (CAST(nullif(lag(counts.runs) OVER (
                                                                                                                           ORDER BY counts.start_at), :nullif_1) AS FLOAT) + 0.0) AS relative_change,
       CAST(counts.failures AS FLOAT) / (CAST(nullif(counts.outcomes, :nullif_2) AS FLOAT) + 0.0) AS failure_rate
FROM
  (SELECT shown.start_at AS start_at,
          shown.end_at AS end_at,
          CAST(coalesce(sum(per_day.runs), :coalesce_1) AS BIGINT) AS runs,
          CAST(coalesce(sum(per_day.outcomes), :coalesce_2) AS BIGINT) AS outcomes,
          CAST(coalesce(sum(per_day.successes), :coalesce_3) AS BIGINT) AS successes,
          CAST(coalesce(sum(per_day.failures), :coalesce_4) AS BIGINT) AS failures,
          CAST(sum(per_day.seconds) AS FLOAT) / (CAST(nullif(sum(per_day.timed), :nullif_3) AS FLOAT) + 0.0) AS mean_seconds
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
      WHERE span.end_at IS NOT NULL) AS shown
   LEFT OUTER JOIN
     (SELECT days.start_at AS start_at,
             CAST(coalesce(sum(days.runs), :coalesce_5) AS BIGINT) AS runs,
             CAST(coalesce(sum(days.runs) FILTER (
                                                  WHERE days.status IN (... 3 :status_1)), :coalesce_6) AS BIGINT) AS outcomes,
             CAST(coalesce(sum(days.runs) FILTER (
                                                  WHERE days.status IN (... 1 :status_2)), :coalesce_7) AS BIGINT) AS successes,
             CAST(coalesce(sum(days.runs) FILTER (
                                                  WHERE days.status IN (... 2 :status_3)), :coalesce_8) AS BIGINT) AS failures,
             sum(days.seconds) FILTER (
                                       WHERE days.status IN (... 1 :status_4)) AS seconds,
             sum(days.timed) FILTER (
                                     WHERE days.status IN (... 1 :status_4)) AS timed
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
                                         ORDER BY edge.value) - :param_3 AS number
               FROM json_each(:param_4) AS edge) AS span
            WHERE span.end_at IS NOT NULL) AS bucket
         JOIN execution_day ON execution_day.workspace_id = :workspace_id_1
         AND execution_day.day = bucket.start_at
         WHERE bucket.start_at < :param_5
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
                          coalesce(sum(agent_execution.duration_seconds), :param_6) AS seconds
         FROM
           (SELECT span.start_at AS start_at,
                   span.end_at AS end_at,
                   span.number AS number
            FROM
              (SELECT edge.value AS start_at,
                      lead(edge.value) OVER (
                                             ORDER BY edge.value) AS end_at,
                      row_number() OVER (
                                         ORDER BY edge.value) - :param_3 AS number
               FROM json_each(:param_4) AS edge) AS span
            WHERE span.end_at IS NOT NULL) AS bucket
         JOIN agent_execution ON agent_execution.workspace_id = :workspace_id_4
         AND agent_execution.created_at >= bucket.start_at
         AND agent_execution.created_at < bucket.end_at
         WHERE NOT (bucket.start_at < :param_7
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
      WHERE 1 = 1
      GROUP BY days.start_at) AS per_day ON per_day.start_at >= shown.start_at
   AND per_day.start_at < shown.end_at
   GROUP BY shown.start_at,
            shown.end_at) AS counts
ORDER BY counts.start_at;
-- 3 rows
-- :nullif_1 = 0
-- :nullif_2 = 0
-- :coalesce_1 = 0
-- :coalesce_2 = 0
-- :coalesce_3 = 0
-- :coalesce_4 = 0
-- :nullif_3 = 0
-- :param_1 = 1
-- :param_2 = [2025-12-29 00:00:00Z, 2026-01-05 00:00:00Z, 2026-01-12 00:00:00Z, 2026-01-19 00:00:00Z]
-- :coalesce_5 = 0
-- :status_1 = ('completed', 'failed', 'timeout')
-- :coalesce_6 = 0
-- :status_2 = ('completed')
-- :coalesce_7 = 0
-- :status_3 = ('failed', 'timeout')
-- :coalesce_8 = 0
-- :status_4 = ('completed')
-- :param_3 = 1
-- :param_4 = [2025-12-29 00:00:00Z, 2025-12-30 00:00:00Z, 2025-12-31 00:00:00Z, 2026-01-01 00:00:00Z, 2026-01-02 00:00:00Z, 2026-01-03 00:00:00Z, 2026-01-04 00:00:00Z, 2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z, 2026-01-13 00:00:00Z, 2026-01-14 00:00:00Z, 2026-01-15 00:00:00Z, 2026-01-16 00:00:00Z, 2026-01-17 00:00:00Z, 2026-01-18 00:00:00Z, 2026-01-19 00:00:00Z]
-- :workspace_id_1 = workspace#1
-- :param_5 = 2026-01-19 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :workspace_id_3 = workspace#1
-- :param_6 = 0.0
-- :workspace_id_4 = workspace#1
-- :param_7 = 2026-01-19 00:00:00Z
-- :workspace_id_5 = workspace#1
-- :workspace_id_6 = workspace#1
