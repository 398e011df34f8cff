WITH spans AS
  (SELECT agent_execution.started_at AS started_at,
          agent_execution.completed_at AS ended_at
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1
     AND agent_execution.started_at < :started_at_2
     AND agent_execution.completed_at > :completed_at_1
   UNION ALL SELECT agent_execution.started_at AS started_at,
                    :param_7 AS ended_at
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1
     AND agent_execution.started_at < :started_at_2
     AND agent_execution.completed_at IS NULL
     AND :param_8 > :param_9)
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
                                ORDER BY edge.value) - :param_1 AS number
      FROM json_each(:param_2) AS edge) AS span
   WHERE span.end_at IS NOT NULL) AS bucket
JOIN
  (SELECT levels.number AS number,
          max(levels.running) AS peak,
          CAST(sum(levels.running * (coalesce(levels.next_instant, (unixepoch(substr(:param_3, 1, 19)) * 1000000 + CAST(substr(:param_3, 21, 6) AS INTEGER))) - levels.instant)) AS FLOAT) / (CAST(nullif(sum(coalesce(levels.next_instant, (unixepoch(substr(:param_3, 1, 19)) * 1000000 + CAST(substr(:param_3, 21, 6) AS INTEGER))) - levels.instant), :nullif_1) AS FLOAT) + 0.0) AS mean
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
                CAST(coalesce(sum(marked.change), :coalesce_1) AS BIGINT) AS change,
                max(marked.number) AS number
         FROM
           (SELECT (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER)) AS instant,
                   :param_4 AS change,
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
                                            ORDER BY edge.value) - :param_1 AS number
                  FROM json_each(:param_2) AS edge) AS span
               WHERE span.end_at IS NOT NULL) AS bucket
            UNION ALL SELECT changes.instant AS instant,
                             changes.change AS change,
                             NULL AS number
            FROM
              (SELECT (unixepoch(substr(CASE
                                            WHEN (spans.started_at < :started_at_1) THEN :param_5
                                            ELSE spans.started_at
                                        END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                 WHEN (spans.started_at < :started_at_1) THEN :param_5
                                                                                 ELSE spans.started_at
                                                                             END, 21, 6) AS INTEGER)) AS instant,
                      :param_6 AS change
               FROM spans
               UNION ALL SELECT (unixepoch(substr(spans.ended_at, 1, 19)) * 1000000 + CAST(substr(spans.ended_at, 21, 6) AS INTEGER)) AS instant,
                                :param_10 AS change
               FROM spans
               WHERE spans.ended_at < :ended_at_1) AS changes) AS marked
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
