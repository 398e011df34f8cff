SELECT bucket.start_at,
       bucket.end_at,
       per_bucket.peak,
       per_bucket.level + CAST((((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) / :param_1) * per_bucket.change - per_bucket.days) * :param_2 + (((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) % :param_3) * per_bucket.change - per_bucket.microseconds) AS FLOAT) / (CAST(nullif((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) - (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER)), :nullif_1) AS FLOAT) + 0.0) AS mean_running
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
  (SELECT levels.number AS number,
          max(levels.running) AS peak,
          max(CASE
                  WHEN (levels.mark = :mark_1) THEN levels.running
              END) AS level,
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
                :param_7 AS mark
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
                                            WHEN (ended.started_at < :started_at_1) THEN :param_8
                                            ELSE ended.started_at
                                        END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                 WHEN (ended.started_at < :started_at_1) THEN :param_8
                                                                                 ELSE ended.started_at
                                                                             END, 21, 6) AS INTEGER)) AS instant,
                      :param_9 AS change
               FROM
                 (SELECT agent_execution.started_at AS started_at,
                         agent_execution.completed_at AS ended_at
                  FROM agent_execution
                  WHERE agent_execution.workspace_id = :workspace_id_1
                    AND agent_execution.started_at < :started_at_2
                    AND agent_execution.completed_at > :completed_at_1) AS ended
               UNION ALL SELECT (unixepoch(substr(ended.ended_at, 1, 19)) * 1000000 + CAST(substr(ended.ended_at, 21, 6) AS INTEGER)) AS anon_2,
                                :param_10 AS anon_3
               FROM
                 (SELECT agent_execution.started_at AS started_at,
                         agent_execution.completed_at AS ended_at
                  FROM agent_execution
                  WHERE agent_execution.workspace_id = :workspace_id_1
                    AND agent_execution.started_at < :started_at_2
                    AND agent_execution.completed_at > :completed_at_1) AS ended
               WHERE ended.ended_at < :ended_at_1
               UNION ALL SELECT (unixepoch(substr(CASE
                                                      WHEN (going_on.started_at < :started_at_3) THEN :param_11
                                                      ELSE going_on.started_at
                                                  END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                           WHEN (going_on.started_at < :started_at_3) THEN :param_11
                                                                                           ELSE going_on.started_at
                                                                                       END, 21, 6) AS INTEGER)) AS instant,
                                :param_12 AS change
               FROM
                 (SELECT agent_execution.started_at AS started_at,
                         :param_13 AS ended_at
                  FROM agent_execution
                  WHERE agent_execution.workspace_id = :workspace_id_1
                    AND agent_execution.started_at < :started_at_2
                    AND agent_execution.completed_at IS NULL
                    AND :param_14 > :param_15) AS going_on
               UNION ALL SELECT (unixepoch(substr(going_on.ended_at, 1, 19)) * 1000000 + CAST(substr(going_on.ended_at, 21, 6) AS INTEGER)) AS anon_4,
                                :param_16 AS anon_5
               FROM
                 (SELECT agent_execution.started_at AS started_at,
                         :param_13 AS ended_at
                  FROM agent_execution
                  WHERE agent_execution.workspace_id = :workspace_id_1
                    AND agent_execution.started_at < :started_at_2
                    AND agent_execution.completed_at IS NULL
                    AND :param_14 > :param_15) AS going_on
               WHERE going_on.ended_at < :ended_at_2) AS changes) AS changes) AS marked) AS levels
   GROUP BY levels.number) AS per_bucket ON per_bucket.number = bucket.number + :number_1
ORDER BY bucket.start_at;
-- 7 rows
-- :param_1 = 86400000000
-- :param_2 = 86400000000
-- :param_3 = 86400000000
-- :nullif_1 = 0
-- :param_4 = 1
-- :param_5 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :mark_1 = 1
-- :change_1 = 1
-- :coalesce_1 = 0
-- :instant_1 = 86400000000
-- :coalesce_2 = 0
-- :instant_2 = 86400000000
-- :coalesce_3 = 0
-- :param_6 = 0
-- :param_7 = 1
-- :started_at_1 = 2026-01-05 00:00:00Z
-- :param_8 = 2026-01-05 00:00:00Z
-- :param_9 = 1
-- :workspace_id_1 = workspace#s1
-- :started_at_2 = 2026-01-11 23:00:00Z
-- :completed_at_1 = 2026-01-05 00:00:00Z
-- :param_10 = -1
-- :ended_at_1 = 2026-01-12 00:00:00Z
-- :started_at_3 = 2026-01-05 00:00:00Z
-- :param_11 = 2026-01-05 00:00:00Z
-- :param_12 = 1
-- :param_13 = 2026-01-11 23:00:00Z
-- :param_14 = 2026-01-11 23:00:00Z
-- :param_15 = 2026-01-05 00:00:00Z
-- :param_16 = -1
-- :ended_at_2 = 2026-01-12 00:00:00Z
-- :number_1 = 1
