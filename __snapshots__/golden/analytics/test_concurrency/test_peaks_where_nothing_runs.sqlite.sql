SELECT bucket.start_at,
       bucket.end_at,
       max(levels.running) AS peak,
       sum(levels.running * (CAST((unixepoch(substr(coalesce(levels.next_instant, :param_1), 1, 19)) * 1000000 + CAST(substr(coalesce(levels.next_instant, :param_1), 21, 6) AS INTEGER)) - (unixepoch(substr(levels.instant, 1, 19)) * 1000000 + CAST(substr(levels.instant, 21, 6) AS INTEGER)) AS FLOAT) / (:param_2 + 0.0))) / (sum(CAST((unixepoch(substr(coalesce(levels.next_instant, :param_1), 1, 19)) * 1000000 + CAST(substr(coalesce(levels.next_instant, :param_1), 21, 6) AS INTEGER)) - (unixepoch(substr(levels.instant, 1, 19)) * 1000000 + CAST(substr(levels.instant, 21, 6) AS INTEGER)) AS FLOAT) / (:param_2 + 0.0)) + 0.0) AS mean
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
JOIN
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
        (SELECT bucket.start_at AS instant,
                :param_5 AS change,
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
                                         ORDER BY edge.value) - :param_3 AS number
               FROM json_each(:param_4) AS edge) AS span
            WHERE span.end_at IS NOT NULL) AS bucket
         UNION ALL SELECT changes.instant AS instant,
                          changes.change AS change,
                          NULL AS number
         FROM
           (SELECT CASE
                       WHEN (agent_execution.started_at < :started_at_1) THEN :param_6
                       ELSE agent_execution.started_at
                   END AS instant,
                   :param_7 AS change
            FROM agent_execution
            WHERE agent_execution.workspace_id = :workspace_id_1
              AND agent_execution.started_at < :started_at_2
              AND (agent_execution.completed_at > :completed_at_1
                   OR agent_execution.completed_at IS NULL
                   AND :param_8 > :param_9)
              AND coalesce(agent_execution.completed_at, :param_10) > agent_execution.started_at
            UNION ALL SELECT coalesce(agent_execution.completed_at, :param_10) AS instant,
                             :param_11 AS change
            FROM agent_execution
            WHERE agent_execution.workspace_id = :workspace_id_1
              AND agent_execution.started_at < :started_at_2
              AND (agent_execution.completed_at > :completed_at_1
                   OR agent_execution.completed_at IS NULL
                   AND :param_8 > :param_9)
              AND coalesce(agent_execution.completed_at, :param_10) > agent_execution.started_at
              AND coalesce(agent_execution.completed_at, :param_10) < :coalesce_2) AS changes) AS marked
      GROUP BY marked.instant) AS steps) AS levels ON levels.number = bucket.number
GROUP BY bucket.number,
         bucket.start_at,
         bucket.end_at
ORDER BY bucket.start_at;
-- 7 rows
-- :param_1 = 2026-01-12 00:00:00Z
-- :param_2 = 1000000
-- :param_3 = 1
-- :param_4 = [2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z]
-- :coalesce_1 = 0
-- :param_5 = 0
-- :started_at_1 = 2026-01-05 00:00:00Z
-- :param_6 = 2026-01-05 00:00:00Z
-- :param_7 = 1
-- :workspace_id_1 = workspace#s1
-- :started_at_2 = 2026-01-12 00:00:00Z
-- :completed_at_1 = 2026-01-05 00:00:00Z
-- :param_8 = 2026-01-12 00:00:00Z
-- :param_9 = 2026-01-05 00:00:00Z
-- :param_10 = 2026-01-12 00:00:00Z
-- :param_11 = -1
-- :coalesce_2 = 2026-01-12 00:00:00Z
