WITH kept AS
  (SELECT bucket.start_at AS start_at,
          bucket.end_at AS end_at,
          execution_day_level.peak AS peak,
          execution_day_level.busy AS busy
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
   LEFT OUTER JOIN execution_day_level ON execution_day_level.workspace_id = :workspace_id_1
   AND execution_day_level.day = bucket.start_at
   AND bucket.start_at < :param_3
   AND NOT (EXISTS
              (SELECT *
               FROM execution_level_change
               WHERE execution_level_change.workspace_id = :workspace_id_2
                 AND execution_level_change.since < bucket.end_at
                 AND (execution_level_change.until IS NULL
                      OR execution_level_change.until >= bucket.start_at))))
SELECT days.start_at,
       days.end_at,
       days.peak,
       CAST(days.busy AS FLOAT) / (CAST(nullif((unixepoch(substr(days.end_at, 1, 19)) * 1000000 + CAST(substr(days.end_at, 21, 6) AS INTEGER)) - (unixepoch(substr(days.start_at, 1, 19)) * 1000000 + CAST(substr(days.start_at, 21, 6) AS INTEGER)), :nullif_1) AS FLOAT) + 0.0) AS mean_running
FROM
  (SELECT kept.start_at AS start_at,
          kept.end_at AS end_at,
          coalesce(kept.peak, by_bucket.peak) AS peak,
          coalesce(kept.busy, by_bucket.busy) AS busy
   FROM kept
   LEFT OUTER JOIN
     (SELECT passed.start_at AS start_at,
             passed.end_at AS end_at,
             per_bucket.peak AS peak,
             per_bucket.level * ((unixepoch(substr(passed.end_at, 1, 19)) * 1000000 + CAST(substr(passed.end_at, 21, 6) AS INTEGER)) - (unixepoch(substr(passed.start_at, 1, 19)) * 1000000 + CAST(substr(passed.start_at, 21, 6) AS INTEGER))) + (((unixepoch(substr(passed.end_at, 1, 19)) * 1000000 + CAST(substr(passed.end_at, 21, 6) AS INTEGER)) / :param_4) * per_bucket.change - per_bucket.days) * :param_5 + (((unixepoch(substr(passed.end_at, 1, 19)) * 1000000 + CAST(substr(passed.end_at, 21, 6) AS INTEGER)) % :param_6) * per_bucket.change - per_bucket.microseconds) AS busy
      FROM
        (SELECT kept.start_at AS start_at,
                kept.end_at AS end_at
         FROM kept
         WHERE kept.start_at >=
             (SELECT min(kept.start_at) AS min_1
              FROM kept
              WHERE kept.peak IS NULL)
           AND kept.end_at <=
             (SELECT max(kept.end_at) AS max_1
              FROM kept
              WHERE kept.peak IS NULL)) AS passed
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
              (SELECT (unixepoch(substr(passed.start_at, 1, 19)) * 1000000 + CAST(substr(passed.start_at, 21, 6) AS INTEGER)) AS instant,
                      :param_7 AS change,
                      (unixepoch(substr(passed.start_at, 1, 19)) * 1000000 + CAST(substr(passed.start_at, 21, 6) AS INTEGER)) AS mark
               FROM
                 (SELECT kept.start_at AS start_at,
                         kept.end_at AS end_at
                  FROM kept
                  WHERE kept.start_at >=
                      (SELECT min(kept.start_at) AS min_1
                       FROM kept
                       WHERE kept.peak IS NULL)
                    AND kept.end_at <=
                      (SELECT max(kept.end_at) AS max_1
                       FROM kept
                       WHERE kept.peak IS NULL)) AS passed
               UNION ALL SELECT changes.instant AS instant,
                                changes.change AS change,
                                NULL AS anon_1
               FROM
                 (SELECT changes.instant AS instant,
                         changes.change AS change
                  FROM
                    (SELECT (unixepoch(substr(CASE
                                                  WHEN (ended.started_at <
                                                          (SELECT min(kept.start_at) AS min_1
                                                           FROM kept
                                                           WHERE kept.peak IS NULL)) THEN
                                                         (SELECT min(kept.start_at) AS min_1
                                                          FROM kept
                                                          WHERE kept.peak IS NULL)
                                                  ELSE ended.started_at
                                              END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                       WHEN (ended.started_at <
                                                                                               (SELECT min(kept.start_at) AS min_1
                                                                                                FROM kept
                                                                                                WHERE kept.peak IS NULL)) THEN
                                                                                              (SELECT min(kept.start_at) AS min_1
                                                                                               FROM kept
                                                                                               WHERE kept.peak IS NULL)
                                                                                       ELSE ended.started_at
                                                                                   END, 21, 6) AS INTEGER)) AS instant,
                            :param_8 AS change
                     FROM
                       (SELECT agent_execution.started_at AS started_at,
                               agent_execution.completed_at AS ended_at
                        FROM agent_execution
                        WHERE agent_execution.workspace_id = :workspace_id_3
                          AND agent_execution.started_at <
                            (SELECT max(kept.end_at) AS max_1
                             FROM kept
                             WHERE kept.peak IS NULL)
                          AND agent_execution.started_at < :param_9
                          AND agent_execution.completed_at >
                            (SELECT min(kept.start_at) AS min_1
                             FROM kept
                             WHERE kept.peak IS NULL)) AS ended
                     UNION ALL SELECT (unixepoch(substr(ended.ended_at, 1, 19)) * 1000000 + CAST(substr(ended.ended_at, 21, 6) AS INTEGER)) AS anon_2,
                                      :param_10 AS anon_3
                     FROM
                       (SELECT agent_execution.started_at AS started_at,
                               agent_execution.completed_at AS ended_at
                        FROM agent_execution
                        WHERE agent_execution.workspace_id = :workspace_id_3
                          AND agent_execution.started_at <
                            (SELECT max(kept.end_at) AS max_1
                             FROM kept
                             WHERE kept.peak IS NULL)
                          AND agent_execution.started_at < :param_9
                          AND agent_execution.completed_at >
                            (SELECT min(kept.start_at) AS min_1
                             FROM kept
                             WHERE kept.peak IS NULL)) AS ended
                     WHERE ended.ended_at <
                         (SELECT max(kept.end_at) AS max_1
                          FROM kept
                          WHERE kept.peak IS NULL)
                     UNION ALL SELECT (unixepoch(substr(CASE
                                                            WHEN (going_on.started_at <
                                                                    (SELECT min(kept.start_at) AS min_1
                                                                     FROM kept
                                                                     WHERE kept.peak IS NULL)) THEN
                                                                   (SELECT min(kept.start_at) AS min_1
                                                                    FROM kept
                                                                    WHERE kept.peak IS NULL)
                                                            ELSE going_on.started_at
                                                        END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                                 WHEN (going_on.started_at <
                                                                                                         (SELECT min(kept.start_at) AS min_1
                                                                                                          FROM kept
                                                                                                          WHERE kept.peak IS NULL)) THEN
                                                                                                        (SELECT min(kept.start_at) AS min_1
                                                                                                         FROM kept
                                                                                                         WHERE kept.peak IS NULL)
                                                                                                 ELSE going_on.started_at
                                                                                             END, 21, 6) AS INTEGER)) AS instant,
                                      :param_11 AS change
                     FROM
                       (SELECT agent_execution.started_at AS started_at,
                               :param_12 AS ended_at
                        FROM agent_execution
                        WHERE agent_execution.workspace_id = :workspace_id_3
                          AND agent_execution.started_at <
                            (SELECT max(kept.end_at) AS max_1
                             FROM kept
                             WHERE kept.peak IS NULL)
                          AND agent_execution.started_at < :param_9
                          AND agent_execution.completed_at IS NULL
                          AND :param_13 >
                            (SELECT min(kept.start_at) AS min_1
                             FROM kept
                             WHERE kept.peak IS NULL)) AS going_on
                     UNION ALL SELECT (unixepoch(substr(going_on.ended_at, 1, 19)) * 1000000 + CAST(substr(going_on.ended_at, 21, 6) AS INTEGER)) AS anon_4,
                                      :param_14 AS anon_5
                     FROM
                       (SELECT agent_execution.started_at AS started_at,
                               :param_12 AS ended_at
                        FROM agent_execution
                        WHERE agent_execution.workspace_id = :workspace_id_3
                          AND agent_execution.started_at <
                            (SELECT max(kept.end_at) AS max_1
                             FROM kept
                             WHERE kept.peak IS NULL)
                          AND agent_execution.started_at < :param_9
                          AND agent_execution.completed_at IS NULL
                          AND :param_13 >
                            (SELECT min(kept.start_at) AS min_1
                             FROM kept
                             WHERE kept.peak IS NULL)) AS going_on
                     WHERE going_on.ended_at <
                         (SELECT max(kept.end_at) AS max_1
                          FROM kept
                          WHERE kept.peak IS NULL)) AS changes) AS changes) AS marked) AS levels
         GROUP BY levels.number) AS per_bucket ON per_bucket.start = (unixepoch(substr(passed.start_at, 1, 19)) * 1000000 + CAST(substr(passed.start_at, 21, 6) AS INTEGER))) AS by_bucket ON kept.peak IS NULL
   AND by_bucket.start_at = kept.start_at) AS days
ORDER BY days.start_at;
-- 7 rows
-- :param_1 = 1
-- :param_2 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :workspace_id_1 = workspace#1
-- :param_3 = 2026-01-11 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :nullif_1 = 0
-- :param_4 = 86400000000
-- :param_5 = 86400000000
-- :param_6 = 86400000000
-- :change_1 = 1
-- :coalesce_1 = 0
-- :instant_1 = 86400000000
-- :coalesce_2 = 0
-- :instant_2 = 86400000000
-- :coalesce_3 = 0
-- :param_7 = 0
-- :param_8 = 1
-- :workspace_id_3 = workspace#1
-- :param_9 = 2026-01-11 23:00:00Z
-- :param_10 = -1
-- :param_11 = 1
-- :param_12 = 2026-01-11 23:00:00Z
-- :param_13 = 2026-01-11 23:00:00Z
-- :param_14 = -1
