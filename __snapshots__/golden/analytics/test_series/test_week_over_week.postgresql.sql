SELECT counts.start_at,
       counts.end_at,
       counts.runs,
       counts.runs - lag(counts.runs) OVER (
                                            ORDER BY counts.start_at) AS change,
       CAST(counts.runs - lag(counts.runs) OVER (
                                                 ORDER BY counts.start_at) AS FLOAT(53)) / CAST(CAST(nullif(lag(counts.runs) OVER (
                                                                                                                                   ORDER BY counts.start_at), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS relative_change,
       CAST(counts.failures AS FLOAT(53)) / CAST(CAST(nullif(counts.outcomes, :nullif_2::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS failure_rate
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
                                   ORDER BY edge.value) - :param_1::INTEGER AS number
         FROM
           (SELECT unnest(CAST(:param_2::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
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
                                      ORDER BY edge.value) - :param_1::INTEGER AS number
            FROM
              (SELECT unnest(CAST(:param_2::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
         WHERE span.end_at IS NOT NULL) AS bucket
      LEFT OUTER JOIN agent_execution ON agent_execution.workspace_id = :workspace_id_1::UUID
      AND agent_execution.created_at >= bucket.start_at
      AND agent_execution.created_at < bucket.end_at
      GROUP BY bucket.number) AS grouped ON grouped.number = bucket.number) AS counts
ORDER BY counts.start_at;
-- 5 rows
-- :nullif_1 = 0
-- :nullif_2 = 0
-- :param_1 = 1
-- :param_2 = [2025-12-22 00:00:00Z, 2025-12-29 00:00:00Z, 2026-01-05 00:00:00Z, 2026-01-12 00:00:00Z, 2026-01-19 00:00:00Z, 2026-01-26 00:00:00Z]
-- :status_1 = ('completed', 'failed', 'timeout')
-- :status_2 = ('failed', 'timeout')
-- :workspace_id_1 = workspace#1
