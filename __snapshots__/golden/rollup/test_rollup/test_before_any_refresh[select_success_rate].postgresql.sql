SELECT runs.runs,
       runs.successes + runs.failures AS outcomes,
       runs.successes,
       runs.failures,
       CAST(runs.successes AS FLOAT(53)) / CAST(CAST(nullif(runs.successes + runs.failures, :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS success_rate
FROM
  (SELECT CAST(coalesce(sum(days.runs), :coalesce_1::INTEGER) AS BIGINT) AS runs,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 1 :status_1)), :coalesce_2::INTEGER) AS BIGINT) AS successes,
          CAST(coalesce(sum(days.runs) FILTER (
                                               WHERE days.status IN (... 2 :status_2)), :coalesce_3::INTEGER) AS BIGINT) AS failures
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
                                      ORDER BY edge.value) - :param_1::INTEGER AS number
            FROM
              (SELECT unnest(CAST(:param_2::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      JOIN execution_day ON execution_day.workspace_id = :workspace_id_1::UUID
      AND execution_day.day = bucket.start_at
      WHERE bucket.start_at < :param_3::TIMESTAMP WITH TIME ZONE
        AND (EXISTS
               (SELECT *
                FROM execution_day_built
                WHERE execution_day_built.workspace_id = :workspace_id_2::UUID
                  AND execution_day_built.day = bucket.start_at))
        AND NOT (EXISTS
                   (SELECT *
                    FROM execution_day_change
                    WHERE execution_day_change.workspace_id = :workspace_id_3::UUID
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
                                      ORDER BY edge.value) - :param_1::INTEGER AS number
            FROM
              (SELECT unnest(CAST(:param_2::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      JOIN agent_execution ON agent_execution.workspace_id = :workspace_id_4::UUID
      AND agent_execution.created_at >= bucket.start_at
      AND agent_execution.created_at < bucket.end_at
      WHERE NOT (bucket.start_at < :param_5::TIMESTAMP WITH TIME ZONE
                 AND (EXISTS
                        (SELECT *
                         FROM execution_day_built
                         WHERE execution_day_built.workspace_id = :workspace_id_5::UUID
                           AND execution_day_built.day = bucket.start_at))
                 AND NOT (EXISTS
                            (SELECT *
                             FROM execution_day_change
                             WHERE execution_day_change.workspace_id = :workspace_id_6::UUID
                               AND execution_day_change.day = bucket.start_at)))
      GROUP BY bucket.start_at,
               agent_execution.agent_id,
               agent_execution.status) AS days) AS runs;
-- 1 row
-- :nullif_1 = 0
-- :coalesce_1 = 0
-- :status_1 = ('completed')
-- :coalesce_2 = 0
-- :status_2 = ('failed', 'timeout')
-- :coalesce_3 = 0
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
