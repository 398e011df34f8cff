SELECT rolling.start_at,
       rolling.outcomes,
       rolling.failures,
       rolling.rolling_failure_rate
FROM
  (SELECT counts.start_at AS start_at,
          counts.outcomes AS outcomes,
          counts.failures AS failures,
          CAST(sum(counts.failures) OVER (
                                          ORDER BY counts.start_at ROWS BETWEEN :param_1::INTEGER PRECEDING AND CURRENT ROW) AS FLOAT(53)) / CAST(CAST(nullif(sum(counts.outcomes) OVER (
                                                                                                                                                                                         ORDER BY counts.start_at ROWS BETWEEN :param_2::INTEGER PRECEDING AND CURRENT ROW), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS rolling_failure_rate
   FROM
     (SELECT bucket.start_at AS start_at,
             bucket.end_at AS end_at,
             grouped.runs AS runs,
             grouped.outcomes AS outcomes,
             grouped.failures AS failures
      FROM
        (SELECT span.start_at AS start_at,
                span.end_at AS end_at,
                span.number AS number
         FROM
           (SELECT edge.value AS start_at,
                   lead(edge.value) OVER (
                                          ORDER BY edge.value) AS end_at,
                   row_number() OVER (
                                      ORDER BY edge.value) - :param_3::INTEGER AS number
            FROM
              (SELECT unnest(CAST(:param_4::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      JOIN
        (SELECT bucket.number AS number,
                count(agent_execution.status) AS runs,
                count(*) FILTER (
                                 WHERE agent_execution.status IN (... 3 :status_1)) AS outcomes,
                count(*) FILTER (
                                 WHERE agent_execution.status IN (... 2 :status_2)) AS failures
         FROM
           (SELECT span.start_at AS start_at,
                   span.end_at AS end_at,
                   span.number AS number
            FROM
              (SELECT edge.value AS start_at,
                      lead(edge.value) OVER (
                                             ORDER BY edge.value) AS end_at,
                      row_number() OVER (
                                         ORDER BY edge.value) - :param_3::INTEGER AS number
               FROM
                 (SELECT unnest(CAST(:param_4::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
            WHERE span.end_at IS NOT NULL) AS bucket
         LEFT OUTER JOIN agent_execution ON agent_execution.workspace_id = :workspace_id_1::UUID
         AND agent_execution.created_at >= bucket.start_at
         AND agent_execution.created_at < bucket.end_at
         GROUP BY bucket.number) AS grouped ON grouped.number = bucket.number) AS counts) AS rolling
WHERE rolling.start_at >= :param_5::TIMESTAMP WITH TIME ZONE
ORDER BY rolling.start_at;
-- 9 rows
-- :param_1 = 6
-- :param_2 = 6
-- :nullif_1 = 0
-- :param_3 = 1
-- :param_4 = [2025-12-29 00:00:00Z, 2025-12-30 00:00:00Z, 2025-12-31 00:00:00Z, 2026-01-01 00:00:00Z, 2026-01-02 00:00:00Z, 2026-01-03 00:00:00Z, 2026-01-04 00:00:00Z, 2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z, 2026-01-13 00:00:00Z, 2026-01-14 00:00:00Z]
-- :status_1 = ('completed', 'failed', 'timeout')
-- :status_2 = ('failed', 'timeout')
-- :workspace_id_1 = workspace#1
-- :param_5 = 2026-01-05 00:00:00Z
