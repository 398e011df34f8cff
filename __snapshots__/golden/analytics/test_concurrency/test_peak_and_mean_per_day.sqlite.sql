SELECT by_bucket.start_at,
       by_bucket.end_at,
       by_bucket.peak,
       CAST(by_bucket.busy AS FLOAT) / (CAST(nullif((unixepoch(substr(by_bucket.end_at, 1, 19)) * 1000000 + CAST(substr(by_bucket.end_at, 21, 6) AS INTEGER)) - (unixepoch(substr(by_bucket.start_at, 1, 19)) * 1000000 + CAST(substr(by_bucket.start_at, 21, 6) AS INTEGER)), :nullif_1) AS FLOAT) + 0.0) AS mean_running
FROM
  (SELECT bucket.start_at AS start_at,
          bucket.end_at AS end_at,
          per_bucket.peak AS peak,
          per_bucket.level * ((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) - (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER))) + (((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) / :param_1) * per_bucket.change - per_bucket.days) * :param_2 + (((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) % :param_3) * per_bucket.change - per_bucket.microseconds) AS busy
   FROM
     (SELECT span.start_at AS start_at,
             span.end_at AS end_at,
             span.number AS number
      FROM
        (SELECT edge.value AS start_at,
                lead(edge.value) OVER (
                                       ORDER BY edge.value) AS end_at,
                row_number() OVER (
                                   ORDER BY edge.value) - :param_4 AS number
         FROM json_each(:param_5) AS edge) AS span
      WHERE span.end_at IS NOT NULL) AS bucket
   JOIN
     (SELECT max(levels.mark) AS start, CAST(max(levels.running) AS BIGINT) AS peak,
                                        CAST(max(CASE
                                                     WHEN (levels.mark IS NOT NULL) THEN levels.running
                                                 END) AS BIGINT) AS level,
                                        CAST(coalesce(sum(levels.change * :change_1), :coalesce_1) AS BIGINT) AS change,
                                        CAST(coalesce(sum(levels.change * (levels.instant / :instant_1)), :coalesce_2) AS BIGINT) AS days,
                                        CAST(coalesce(sum(levels.change * (levels.instant % :instant_2)), :coalesce_3) AS BIGINT) AS microseconds
      FROM
        (SELECT marked.instant AS instant,
                marked.change AS change,
                marked.mark AS mark,
                sum(marked.change) OVER (
                                         ORDER BY marked.instant, marked.change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running,
                count(marked.mark) OVER (
                                         ORDER BY marked.instant, marked.change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
         FROM
           (SELECT (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER)) AS instant,
                   :param_6 AS change,
                   (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER)) AS mark
            FROM
              (SELECT span.start_at AS start_at,
                      span.end_at AS end_at,
                      span.number AS number
               FROM
                 (SELECT edge.value AS start_at,
                         lead(edge.value) OVER (
                                                ORDER BY edge.value) AS end_at,
                         row_number() OVER (
                                            ORDER BY edge.value) - :param_4 AS number
                  FROM json_each(:param_5) AS edge) AS span
               WHERE span.end_at IS NOT NULL) AS bucket
            UNION ALL SELECT changes.instant AS instant,
                             changes.change AS change,
                             NULL AS anon_1
            FROM
              (SELECT changes.instant AS instant,
                      changes.change AS change
               FROM
                 (SELECT (unixepoch(substr(CASE
                                               WHEN (ended.started_at < :param_7) THEN :param_7
                                               ELSE ended.started_at
                                           END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                    WHEN (ended.started_at < :param_7) THEN :param_7
                                                                                    ELSE ended.started_at
                                                                                END, 21, 6) AS INTEGER)) AS instant,
                         :param_8 AS change
                  FROM
                    (SELECT agent_execution.started_at AS started_at,
                            agent_execution.completed_at AS ended_at
                     FROM agent_execution
                     WHERE agent_execution.workspace_id = :workspace_id_1
                       AND agent_execution.started_at < :param_9
                       AND agent_execution.started_at < :param_10
                       AND agent_execution.completed_at > :param_7) AS ended
                  UNION ALL SELECT (unixepoch(substr(ended.ended_at, 1, 19)) * 1000000 + CAST(substr(ended.ended_at, 21, 6) AS INTEGER)) AS anon_2,
                                   :param_11 AS anon_3
                  FROM
                    (SELECT agent_execution.started_at AS started_at,
                            agent_execution.completed_at AS ended_at
                     FROM agent_execution
                     WHERE agent_execution.workspace_id = :workspace_id_1
                       AND agent_execution.started_at < :param_9
                       AND agent_execution.started_at < :param_10
                       AND agent_execution.completed_at > :param_7) AS ended
                  WHERE ended.ended_at < :param_9
                  UNION ALL SELECT (unixepoch(substr(CASE
                                                         WHEN (going_on.started_at < :param_7) THEN :param_7
                                                         ELSE going_on.started_at
                                                     END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                              WHEN (going_on.started_at < :param_7) THEN :param_7
                                                                                              ELSE going_on.started_at
                                                                                          END, 21, 6) AS INTEGER)) AS instant,
                                   :param_12 AS change
                  FROM
                    (SELECT agent_execution.started_at AS started_at,
                            :param_13 AS ended_at
                     FROM agent_execution
                     WHERE agent_execution.workspace_id = :workspace_id_1
                       AND agent_execution.started_at < :param_9
                       AND agent_execution.started_at < :param_10
                       AND agent_execution.completed_at IS NULL
                       AND :param_14 > :param_7) AS going_on
                  UNION ALL SELECT (unixepoch(substr(going_on.ended_at, 1, 19)) * 1000000 + CAST(substr(going_on.ended_at, 21, 6) AS INTEGER)) AS anon_4,
                                   :param_15 AS anon_5
                  FROM
                    (SELECT agent_execution.started_at AS started_at,
                            :param_13 AS ended_at
                     FROM agent_execution
                     WHERE agent_execution.workspace_id = :workspace_id_1
                       AND agent_execution.started_at < :param_9
                       AND agent_execution.started_at < :param_10
                       AND agent_execution.completed_at IS NULL
                       AND :param_14 > :param_7) AS going_on
                  WHERE going_on.ended_at < :param_9) AS changes) AS changes) AS marked) AS levels
      GROUP BY levels.number) AS per_bucket ON per_bucket.start = (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER))) AS by_bucket
ORDER BY by_bucket.start_at;
-- 7 rows
-- :nullif_1 = 0
-- :param_1 = 86400000000
-- :param_2 = 86400000000
-- :param_3 = 86400000000
-- :param_4 = 1
-- :param_5 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :change_1 = 1
-- :coalesce_1 = 0
-- :instant_1 = 86400000000
-- :coalesce_2 = 0
-- :instant_2 = 86400000000
-- :coalesce_3 = 0
-- :param_6 = 0
-- :param_7 = 2026-01-05 00:00:00Z
-- :param_8 = 1
-- :workspace_id_1 = workspace#1
-- :param_9 = 2026-01-12 00:00:00Z
-- :param_10 = 2026-01-11 23:00:00Z
-- :param_11 = -1
-- :param_12 = 1
-- :param_13 = 2026-01-11 23:00:00Z
-- :param_14 = 2026-01-11 23:00:00Z
-- :param_15 = -1
