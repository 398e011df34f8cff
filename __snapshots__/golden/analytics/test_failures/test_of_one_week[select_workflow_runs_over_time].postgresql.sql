SELECT bucket.start_at,
       bucket.end_at,
       grouped.runs,
       grouped.successes,
       grouped.failures,
       grouped.mean_seconds
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
          count(workflow_execution.status) AS runs,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 1 :status_1)) AS successes,
          count(*) FILTER (
                           WHERE workflow_execution.status IN (... 1 :status_2)) AS failures,
          avg(workflow_execution.duration_seconds) FILTER (
                                                           WHERE workflow_execution.status IN (... 1 :status_3)) AS mean_seconds
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
   LEFT OUTER JOIN workflow_execution ON workflow_execution.workspace_id = :workspace_id_1::UUID
   AND true
   AND workflow_execution.created_at >= bucket.start_at
   AND workflow_execution.created_at < bucket.end_at
   GROUP BY bucket.number) AS grouped ON grouped.number = bucket.number
ORDER BY bucket.start_at;
-- 7 rows
-- :param_1 = 1
-- :param_2 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :status_1 = ('completed')
-- :status_2 = ('failed')
-- :status_3 = ('completed')
-- :workspace_id_1 = workspace#1
