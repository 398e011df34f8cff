WITH groups AS MATERIALIZED
  (SELECT finished.agent_id AS agent_id,
          count(finished.duration_seconds) - :count_3 AS last,
          avg(CAST(finished.duration_seconds AS FLOAT)) AS mean
   FROM
     (SELECT agent_execution.agent_id AS agent_id,
             agent_execution.duration_seconds AS duration_seconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1
        AND 1 = 1
        AND agent_execution.status IN (... 1 :status_1)) AS finished
   GROUP BY finished.agent_id), bands_counted AS MATERIALIZED
  (SELECT bands_cut.agent_id AS agent_id,
          bands_cut.last AS last,
          bands_cut.mean AS mean,
          bands_cut.low AS low,
          bands_cut.high AS high,
          bands_cut.start AS start,
     (SELECT count(*) AS count_2
      FROM
        (SELECT agent_execution.agent_id AS agent_id,
                agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1
           AND agent_execution.status IN (... 1 :status_1)) AS finished
      WHERE finished.agent_id = bands_cut.agent_id
        AND finished.duration_seconds >= bands_cut.low
        AND finished.duration_seconds < bands_cut.high) AS samples
   FROM
     (SELECT groups.agent_id AS agent_id,
             groups.last AS last,
             groups.mean AS mean,
             band.low AS low,
             CASE
                 WHEN (groups.last >= :last_1) THEN band.high
                 ELSE :param_15
             END AS high,
             :param_16 AS start
      FROM groups
      JOIN
        (SELECT edge.value AS low,
                lead(edge.value) OVER (
                                       ORDER BY edge.value) AS high
         FROM json_each(:param_17) AS edge) AS band ON band.high IS NOT NULL
      WHERE groups.last >= :last_1
        OR band.low = :low_1) AS bands_cut), parts_counted AS MATERIALIZED
  (SELECT parts_cut.agent_id AS agent_id,
          parts_cut.last AS last,
          parts_cut.mean AS mean,
          parts_cut.low AS low,
          parts_cut.high AS high,
          parts_cut.start AS start,
     (SELECT count(*) AS count_1
      FROM
        (SELECT agent_execution.agent_id AS agent_id,
                agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1
           AND agent_execution.status IN (... 1 :status_1)) AS finished
      WHERE finished.agent_id = parts_cut.agent_id
        AND finished.duration_seconds >= parts_cut.low
        AND finished.duration_seconds < parts_cut.high) AS samples
   FROM
     (SELECT bands.agent_id AS agent_id,
             bands.last AS last,
             bands.mean AS mean,
             bands.low + ((bands.high - bands.low) / (:param_14 + 0.0)) * part.value AS low,
             CASE
                 WHEN (bands.samples >= :samples_1
                       AND part.value < :value_1) THEN bands.low + ((bands.high - bands.low) / (:param_14 + 0.0)) * (part.value + :value_2)
                 ELSE bands.high
             END AS high,
             bands.first AS start
      FROM
        (SELECT bands_ranked.agent_id AS agent_id,
                bands_ranked.last AS last,
                bands_ranked.mean AS mean,
                bands_ranked.low AS low,
                bands_ranked.high AS high,
                bands_ranked.start AS start, bands_ranked.samples AS samples,
                                             bands_ranked."after" AS "after",
                                             bands_ranked.first AS first
         FROM
           (SELECT bands_counted.agent_id AS agent_id,
                   bands_counted.last AS last,
                   bands_counted.mean AS mean,
                   bands_counted.low AS low,
                   bands_counted.high AS high,
                   bands_counted.start AS start, bands_counted.samples AS samples,
                                                 bands_counted.start + sum(bands_counted.samples) OVER (PARTITION BY bands_counted.agent_id, bands_counted.start
                                                                                                        ORDER BY bands_counted.low) AS "after",
                                                 (bands_counted.start + sum(bands_counted.samples) OVER (PARTITION BY bands_counted.agent_id, bands_counted.start
                                                                                                         ORDER BY bands_counted.low)) - bands_counted.samples AS first
            FROM bands_counted) AS bands_ranked
         WHERE bands_ranked.first < bands_ranked."after"
           AND (bands_ranked.first = :first_1
                OR bands_ranked."after" > bands_ranked.last
                OR bands_ranked.first <= CAST(bands_ranked.last * :param_18 AS BIGINT) + :param_19
                AND bands_ranked."after" > CAST(bands_ranked.last * :param_18 AS BIGINT)
                OR bands_ranked.first <= CAST(bands_ranked.last * :param_20 AS BIGINT) + :param_21
                AND bands_ranked."after" > CAST(bands_ranked.last * :param_20 AS BIGINT)
                OR bands_ranked.first <= CAST(bands_ranked.last * :param_22 AS BIGINT) + :param_23
                AND bands_ranked."after" > CAST(bands_ranked.last * :param_22 AS BIGINT))) AS bands
      JOIN json_each(:param_24) AS part ON bands.samples >= :samples_1
      OR part.value = :value_3) AS parts_cut)
SELECT agent.id AS agent_id,
       agent.name AS agent,
       spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM agent
JOIN
  (SELECT ranked.agent_id AS agent_id,
          coalesce(max(ranked.last) + :max_1, :coalesce_1) AS samples,
          max(ranked.mean) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT) + :param_2) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_4 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT) + :param_6) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_7 - CAST(ranked.last * :param_8 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
              END) + (coalesce(max(CASE
                                       WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT) + :param_10) THEN ranked.number
                                   END), max(CASE
                                                 WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
                                             END)) - max(CASE
                                                             WHEN (ranked.rank = CAST(ranked.last * :param_9 AS BIGINT)) THEN ranked.number
                                                         END)) * max(ranked.last * :param_11 - CAST(ranked.last * :param_12 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT finished.agent_id AS agent_id,
             CAST(finished.duration_seconds AS FLOAT) AS number,
             (parts.first + row_number() OVER (PARTITION BY parts.agent_id, parts.low
                                               ORDER BY finished.duration_seconds)) - :param_13 AS rank,
             parts.last AS last,
             parts.mean AS mean
      FROM
        (SELECT parts_ranked.agent_id AS agent_id,
                parts_ranked.last AS last,
                parts_ranked.mean AS mean,
                parts_ranked.low AS low,
                parts_ranked.high AS high,
                parts_ranked.start AS start, parts_ranked.samples AS samples,
                                             parts_ranked."after" AS "after",
                                             parts_ranked.first AS first
         FROM
           (SELECT parts_counted.agent_id AS agent_id,
                   parts_counted.last AS last,
                   parts_counted.mean AS mean,
                   parts_counted.low AS low,
                   parts_counted.high AS high,
                   parts_counted.start AS start, parts_counted.samples AS samples,
                                                 parts_counted.start + sum(parts_counted.samples) OVER (PARTITION BY parts_counted.agent_id, parts_counted.start
                                                                                                        ORDER BY parts_counted.low) AS "after",
                                                 (parts_counted.start + sum(parts_counted.samples) OVER (PARTITION BY parts_counted.agent_id, parts_counted.start
                                                                                                         ORDER BY parts_counted.low)) - parts_counted.samples AS first
            FROM parts_counted) AS parts_ranked
         WHERE parts_ranked.first < parts_ranked."after"
           AND (parts_ranked.first = :first_2
                OR parts_ranked."after" > parts_ranked.last
                OR parts_ranked.first <= CAST(parts_ranked.last * :param_25 AS BIGINT) + :param_26
                AND parts_ranked."after" > CAST(parts_ranked.last * :param_25 AS BIGINT)
                OR parts_ranked.first <= CAST(parts_ranked.last * :param_27 AS BIGINT) + :param_28
                AND parts_ranked."after" > CAST(parts_ranked.last * :param_27 AS BIGINT)
                OR parts_ranked.first <= CAST(parts_ranked.last * :param_29 AS BIGINT) + :param_30
                AND parts_ranked."after" > CAST(parts_ranked.last * :param_29 AS BIGINT))) AS parts
      JOIN
        (SELECT agent_execution.agent_id AS agent_id,
                agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1
           AND agent_execution.status IN (... 1 :status_1)) AS finished ON finished.agent_id = parts.agent_id
      AND finished.duration_seconds >= parts.low
      AND finished.duration_seconds < parts.high) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_31 AS BIGINT) IN (... 2 :param_32)
     OR ranked.rank - CAST(ranked.last * :param_33 AS BIGINT) IN (... 2 :param_34)
     OR ranked.rank - CAST(ranked.last * :param_35 AS BIGINT) IN (... 2 :param_36)
   GROUP BY ranked.agent_id) AS spread ON agent.id = spread.agent_id
ORDER BY spread.median DESC,
         agent.name,
         agent.id;
-- 4 rows
-- :count_3 = 1
-- :workspace_id_1 = workspace#1
-- :status_1 = ('completed')
-- :last_1 = 5000
-- :param_15 = 1e+300
-- :param_16 = 0
-- :param_17 = [-1e+300, 0.00001, 0.000012, 0.000015, 0.000018, 0.000022, 0.000026, 0.000032, 0.000038, 0.000046, 0.000056, 0.000068, 0.000083, 0.0001, 0.000121, 0.000147, 0.000178, 0.000215, 0.000261, 0.000316, 0.000383, 0.000464, 0.000562, 0.000681, 0.000825, 0.001, 0.001212, 0.001468, 0.001778, 0.002154, 0.00261, 0.003162, 0.003831, 0.004642, 0.005623, 0.006813, 0.008254, 0.01, 0.012115, 0.014678, 0.017783, 0.021544, 0.026102, 0.031623, 0.038312, 0.046416, 0.056234, 0.068129, 0.08254, 0.1, 0.121153, 0.14678, 0.177828, 0.215443, 0.261016, 0.316228, 0.383119, 0.464159, 0.562341, 0.681292, 0.825404, 1.0, 1.211528, 1.467799, 1.778279, 2.154435, 2.610157, 3.162278, 3.831187, 4.641589, 5.623413, 6.812921, 8.254042, 10.0, 12.115277, 14.677993, 17.782794, 21.544347, 26.101572, 31.622777, 38.311868, 46.415888, 56.234133, 68.129207, 82.540419, 100.0, 121.152766, 146.779927, 177.827941, 215.443469, 261.015722, 316.227766, 383.118685, 464.158883, 562.341325, 681.292069, 825.404185, 1000.0, 1211.527659, 1467.799268, 1778.27941, 2154.43469, 2610.157216, 3162.27766, 3831.18685, 4641.588834, 5623.413252, 6812.920691, 8254.041853, 10000.0, 12115.276586, 14677.992676, 17782.7941, 21544.3469, 26101.572157, 31622.776602, 38311.868496, 46415.888336, 56234.132519, 68129.206906, 82540.418527, 100000.0, 121152.765863, 146779.926762, 177827.941004, 215443.469003, 261015.721568, 316227.766017, 383118.684956, 464158.883361, 562341.32519, 681292.069058, 825404.185268, 1e+300]
-- :low_1 = -1e+300
-- :param_14 = 64
-- :samples_1 = 64
-- :value_1 = 63
-- :value_2 = 1
-- :first_1 = 0
-- :param_18 = 0.5
-- :param_19 = 1
-- :param_20 = 0.95
-- :param_21 = 1
-- :param_22 = 0.99
-- :param_23 = 1
-- :param_24 = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63]
-- :value_3 = 0
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
-- :param_13 = 1
-- :first_2 = 0
-- :param_25 = 0.5
-- :param_26 = 1
-- :param_27 = 0.95
-- :param_28 = 1
-- :param_29 = 0.99
-- :param_30 = 1
-- :rank_1 = 0
-- :param_31 = 0.5
-- :param_32 = (0, 1)
-- :param_33 = 0.95
-- :param_34 = (0, 1)
-- :param_35 = 0.99
-- :param_36 = (0, 1)
