WITH groups AS MATERIALIZED
  (SELECT waits.triggered_by AS triggered_by,
          count(waits.microseconds) - :count_1::INTEGER AS last,
          avg(CAST(waits.seconds AS FLOAT(53))) AS mean
   FROM
     (SELECT agent_execution.triggered_by AS triggered_by,
             CAST((CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_13 AS FLOAT(53)) AS seconds,
             (CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS microseconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1::UUID
        AND true) AS waits
   GROUP BY waits.triggered_by)
SELECT spread.triggered_by,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT ranked.triggered_by AS triggered_by,
          coalesce(max(ranked.last) + :max_1::INTEGER, :coalesce_1::INTEGER) AS samples,
          max(ranked.mean) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(floor(ranked.last * :param_1) AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(floor(ranked.last * :param_1) AS BIGINT) + :param_2::BIGINT) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(floor(ranked.last * :param_1) AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(floor(ranked.last * :param_1) AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_3 - CAST(floor(ranked.last * :param_4) AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(floor(ranked.last * :param_5) AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(floor(ranked.last * :param_5) AS BIGINT) + :param_6::BIGINT) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(floor(ranked.last * :param_5) AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(floor(ranked.last * :param_5) AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_7 - CAST(floor(ranked.last * :param_8) AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(floor(ranked.last * :param_9) AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(floor(ranked.last * :param_9) AS BIGINT) + :param_10::BIGINT) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(floor(ranked.last * :param_9) AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(floor(ranked.last * :param_9) AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_11 - CAST(floor(ranked.last * :param_12) AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT groups.triggered_by AS triggered_by,
             groups.last AS last,
             groups.mean AS mean,
             neighbours.rank AS rank,
             neighbours.number AS number
      FROM groups
      JOIN (
            VALUES (:param_14), (... 3)) AS wanted (p) ON groups.last >= :last_1::INTEGER
      JOIN LATERAL
        (SELECT found.number AS number,
                (groups.last - CASE
                                   WHEN (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_18::BIGINT < groups.last) THEN groups.last - (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_18::BIGINT)
                                   ELSE :param_19::INTEGER
                               END) - (row_number() OVER (
                                                          ORDER BY found.place DESC) - :param_20::INTEGER) AS rank
         FROM
           (SELECT CAST(waits.seconds AS FLOAT(53)) AS number,
                   waits.microseconds AS place
            FROM
              (SELECT agent_execution.triggered_by AS triggered_by,
                      CAST((CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_13 AS FLOAT(53)) AS seconds,
                      (CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS microseconds
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                 AND true) AS waits
            WHERE waits.microseconds IS NOT NULL
              AND waits.triggered_by = groups.triggered_by
            ORDER BY waits.microseconds DESC
            LIMIT :param_21::INTEGER
            OFFSET CASE
                       WHEN (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_18::BIGINT < groups.last) THEN groups.last - (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_18::BIGINT)
                       ELSE :param_19::INTEGER
                   END) AS found) AS neighbours ON true
      UNION ALL SELECT groups.triggered_by AS triggered_by,
                       groups.last AS last,
                       groups.mean AS mean,
                       :param_22::INTEGER AS rank,

        (SELECT CAST(waits.seconds AS FLOAT(53)) AS seconds
         FROM
           (SELECT agent_execution.triggered_by AS triggered_by,
                   CAST((CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_13 AS FLOAT(53)) AS seconds,
                   (CAST(date_part('epoch', agent_execution.started_at - agent_execution.created_at) * 1000000 AS BIGINT)) AS microseconds
            FROM agent_execution
            WHERE agent_execution.workspace_id = :workspace_id_1::UUID
              AND true) AS waits
         WHERE waits.microseconds IS NOT NULL
           AND waits.triggered_by = groups.triggered_by
         ORDER BY waits.microseconds
         LIMIT :param_23::INTEGER) AS number
      FROM groups
      WHERE groups.last >= :last_2::INTEGER) AS ranked
   WHERE ranked.rank = :rank_1::BIGINT
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(floor(ranked.last * :param_24) AS BIGINT) IN (... 2::BIGINT :param_25)
     OR ranked.rank - CAST(floor(ranked.last * :param_26) AS BIGINT) IN (... 2::BIGINT :param_27)
     OR ranked.rank - CAST(floor(ranked.last * :param_28) AS BIGINT) IN (... 2::BIGINT :param_29)
   GROUP BY ranked.triggered_by) AS spread
ORDER BY spread.triggered_by COLLATE "C";
-- 9 rows
-- :count_1 = 1
-- :param_13 = 1000000
-- :workspace_id_1 = workspace#s1
-- :max_1 = 1
-- :coalesce_1 = 0
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.5
-- :param_4 = 0.5
-- :param_5 = 0.95
-- :param_6 = 1
-- :param_7 = 0.95
-- :param_8 = 0.95
-- :param_9 = 0.99
-- :param_10 = 1
-- :param_11 = 0.99
-- :param_12 = 0.99
-- :param_14 = 0.5
-- :param_15 = 0.95
-- :param_16 = 0.99
-- :param_17 = 1
-- :last_1 = 0
-- :param_18 = 1
-- :param_19 = 0
-- :param_20 = 1
-- :param_21 = 2
-- :param_22 = 0
-- :param_23 = 1
-- :last_2 = 0
-- :rank_1 = 0
-- :param_24 = 0.5
-- :param_25 = (0, 1)
-- :param_26 = 0.95
-- :param_27 = (0, 1)
-- :param_28 = 0.99
-- :param_29 = (0, 1)
