WITH groups AS MATERIALIZED
  (SELECT count(finished.duration_seconds) - :count_1::INTEGER AS last,
          avg(CAST(finished.duration_seconds AS FLOAT(53))) AS mean
   FROM
     (SELECT agent_execution.agent_id AS agent_id,
             agent_execution.duration_seconds AS duration_seconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1::UUID
        AND true
        AND agent_execution.status IN (... 1 :status_1)) AS finished)
SELECT spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT coalesce(max(ranked.last) + :max_1::INTEGER, :coalesce_1::INTEGER) AS samples,
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
     (SELECT groups.last AS last,
             groups.mean AS mean,
             neighbours.rank AS rank,
             neighbours.number AS number
      FROM groups
      JOIN (
            VALUES (:param_13), (... 3)) AS wanted (p) ON groups.last >= :last_1::INTEGER
      JOIN LATERAL
        (SELECT found.number AS number,
                (groups.last - CASE
                                   WHEN (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_17::BIGINT < groups.last) THEN groups.last - (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_17::BIGINT)
                                   ELSE :param_18::INTEGER
                               END) - (row_number() OVER (
                                                          ORDER BY found.place DESC) - :param_19::INTEGER) AS rank
         FROM
           (SELECT CAST(finished.duration_seconds AS FLOAT(53)) AS number,
                   finished.duration_seconds AS place
            FROM
              (SELECT agent_execution.agent_id AS agent_id,
                      agent_execution.duration_seconds AS duration_seconds
               FROM agent_execution
               WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                 AND true
                 AND agent_execution.status IN (... 1 :status_1)) AS finished
            WHERE finished.duration_seconds IS NOT NULL
            ORDER BY finished.duration_seconds DESC
            LIMIT :param_20::INTEGER
            OFFSET CASE
                       WHEN (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_17::BIGINT < groups.last) THEN groups.last - (CAST(floor(groups.last * wanted.p) AS BIGINT) + :param_17::BIGINT)
                       ELSE :param_18::INTEGER
                   END) AS found) AS neighbours ON true
      UNION ALL SELECT groups.last AS last,
                       groups.mean AS mean,
                       :param_21::INTEGER AS rank,

        (SELECT CAST(finished.duration_seconds AS FLOAT(53)) AS duration_seconds
         FROM
           (SELECT agent_execution.agent_id AS agent_id,
                   agent_execution.duration_seconds AS duration_seconds
            FROM agent_execution
            WHERE agent_execution.workspace_id = :workspace_id_1::UUID
              AND true
              AND agent_execution.status IN (... 1 :status_1)) AS finished
         WHERE finished.duration_seconds IS NOT NULL
         ORDER BY finished.duration_seconds
         LIMIT :param_22::INTEGER) AS number
      FROM groups
      WHERE groups.last >= :last_2::INTEGER) AS ranked
   WHERE ranked.rank = :rank_1::BIGINT
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(floor(ranked.last * :param_23) AS BIGINT) IN (... 2::BIGINT :param_24)
     OR ranked.rank - CAST(floor(ranked.last * :param_25) AS BIGINT) IN (... 2::BIGINT :param_26)
     OR ranked.rank - CAST(floor(ranked.last * :param_27) AS BIGINT) IN (... 2::BIGINT :param_28)) AS spread;
-- 1 row
-- :count_1 = 1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('completed')
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
-- :param_13 = 0.5
-- :param_14 = 0.95
-- :param_15 = 0.99
-- :param_16 = 1
-- :last_1 = 0
-- :param_17 = 1
-- :param_18 = 0
-- :param_19 = 1
-- :param_20 = 2
-- :param_21 = 0
-- :param_22 = 1
-- :last_2 = 0
-- :rank_1 = 0
-- :param_23 = 0.5
-- :param_24 = (0, 1)
-- :param_25 = 0.95
-- :param_26 = (0, 1)
-- :param_27 = 0.99
-- :param_28 = (0, 1)
