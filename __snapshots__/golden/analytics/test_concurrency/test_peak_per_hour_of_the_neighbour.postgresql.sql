WITH spans AS
  (SELECT agent_execution.started_at AS started_at,
          agent_execution.completed_at AS ended_at
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
     AND agent_execution.started_at < :started_at_2::TIMESTAMP WITH TIME ZONE
     AND agent_execution.completed_at > :completed_at_1::TIMESTAMP WITH TIME ZONE
   UNION ALL SELECT agent_execution.started_at AS started_at,
                    :param_7::TIMESTAMP WITH TIME ZONE AS ended_at
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
     AND agent_execution.started_at < :started_at_2::TIMESTAMP WITH TIME ZONE
     AND agent_execution.completed_at IS NULL
     AND :param_8::TIMESTAMP WITH TIME ZONE > :param_9::TIMESTAMP WITH TIME ZONE)
SELECT bucket.start_at,
       bucket.end_at,
       per_bucket.peak,
       per_bucket.mean AS mean_running
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
  (SELECT levels.number AS number,
          max(levels.running) AS peak,
          CAST(sum(levels.running * (coalesce(levels.next_instant, CAST(EXTRACT(EPOCH
                                                                                FROM :param_3::TIMESTAMP WITH TIME ZONE) * 1000000 AS BIGINT)) - levels.instant)) AS FLOAT(53)) / CAST(CAST(nullif(sum(coalesce(levels.next_instant, CAST(EXTRACT(EPOCH
                                                                                                                                                                                                                                                  FROM :param_3::TIMESTAMP WITH TIME ZONE) * 1000000 AS BIGINT)) - levels.instant), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS mean
   FROM
     (SELECT steps.instant AS instant,
             steps.change AS change,
             CAST(sum(steps.change) OVER (
                                          ORDER BY steps.instant) AS INTEGER) AS running,
             max(steps.number) OVER (
                                     ORDER BY steps.instant) AS number,
             lead(steps.instant) OVER (
                                       ORDER BY steps.instant) AS next_instant
      FROM
        (SELECT marked.instant AS instant,
                CAST(coalesce(sum(marked.change), :coalesce_1::INTEGER) AS BIGINT) AS change,
                max(marked.number) AS number
         FROM
           (SELECT CAST(EXTRACT(EPOCH
                                FROM bucket.start_at) * 1000000 AS BIGINT) AS instant,
                   :param_4::INTEGER AS change,
                   bucket.number AS number
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
            UNION ALL SELECT changes.instant AS instant,
                             changes.change AS change,
                             NULL AS number
            FROM
              (SELECT CAST(EXTRACT(EPOCH
                                   FROM CASE
                                            WHEN (spans.started_at < :started_at_1::TIMESTAMP WITH TIME ZONE) THEN :param_5::TIMESTAMP WITH TIME ZONE
                                            ELSE spans.started_at
                                        END) * 1000000 AS BIGINT) AS instant,
                      :param_6::INTEGER AS change
               FROM spans
               UNION ALL SELECT CAST(EXTRACT(EPOCH
                                             FROM spans.ended_at) * 1000000 AS BIGINT) AS instant,
                                :param_10::INTEGER AS change
               FROM spans
               WHERE spans.ended_at < :ended_at_1::TIMESTAMP WITH TIME ZONE) AS changes) AS marked
         GROUP BY marked.instant) AS steps) AS levels
   GROUP BY levels.number) AS per_bucket ON per_bucket.number = bucket.number
ORDER BY bucket.start_at;
-- 6 rows
-- :workspace_id_1 = workspace#s1
-- :started_at_2 = 2026-01-06 06:00:00Z
-- :completed_at_1 = 2026-01-06 00:00:00Z
-- :param_7 = 2026-01-12 00:00:00Z
-- :param_8 = 2026-01-12 00:00:00Z
-- :param_9 = 2026-01-06 00:00:00Z
-- :param_1 = 1
-- :param_2 = [2026-01-06 00:00:00Z, 2026-01-06 01:00:00Z, 2026-01-06 02:00:00Z, 2026-01-06 03:00:00Z, 2026-01-06 04:00:00Z, 2026-01-06 05:00:00Z, 2026-01-06 06:00:00Z]
-- :param_3 = 2026-01-06 06:00:00Z
-- :nullif_1 = 0
-- :coalesce_1 = 0
-- :param_4 = 0
-- :started_at_1 = 2026-01-06 00:00:00Z
-- :param_5 = 2026-01-06 00:00:00Z
-- :param_6 = 1
-- :param_10 = -1
-- :ended_at_1 = 2026-01-06 06:00:00Z
