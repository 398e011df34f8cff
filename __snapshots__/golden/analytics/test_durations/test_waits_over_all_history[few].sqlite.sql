WITH groups AS MATERIALIZED
  (SELECT waits.triggered_by AS triggered_by,
          count(waits.microseconds) - :count_3 AS last,
          avg(CAST(waits.seconds AS FLOAT)) AS mean
   FROM
     (SELECT agent_execution.triggered_by AS triggered_by,
             CAST(((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_14 + 0.0) AS seconds,
             ((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS microseconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1
        AND 1 = 1) AS waits
   GROUP BY waits.triggered_by), bands_counted AS MATERIALIZED
  (SELECT bands_cut.triggered_by AS triggered_by,
          bands_cut.last AS last,
          bands_cut.mean AS mean,
          bands_cut.low AS low,
          bands_cut.high AS high,
          bands_cut.start AS start,
     (SELECT count(*) AS count_2
      FROM
        (SELECT agent_execution.triggered_by AS triggered_by,
                CAST(((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_14 + 0.0) AS seconds,
                ((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS microseconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1) AS waits
      WHERE waits.triggered_by = bands_cut.triggered_by
        AND waits.microseconds >= bands_cut.low
        AND waits.microseconds < bands_cut.high) AS samples
   FROM
     (SELECT groups.triggered_by AS triggered_by,
             groups.last AS last,
             groups.mean AS mean,
             band.low AS low,
             CASE
                 WHEN (groups.last >= :last_1) THEN band.high
                 ELSE :param_16
             END AS high,
             :param_17 AS start
      FROM groups
      JOIN
        (SELECT edge.value AS low,
                lead(edge.value) OVER (
                                       ORDER BY edge.value) AS high
         FROM json_each(:param_18) AS edge) AS band ON band.high IS NOT NULL
      WHERE groups.last >= :last_1
        OR band.low = :low_1) AS bands_cut), parts_counted AS MATERIALIZED
  (SELECT parts_cut.triggered_by AS triggered_by,
          parts_cut.last AS last,
          parts_cut.mean AS mean,
          parts_cut.low AS low,
          parts_cut.high AS high,
          parts_cut.start AS start,
     (SELECT count(*) AS count_1
      FROM
        (SELECT agent_execution.triggered_by AS triggered_by,
                CAST(((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_14 + 0.0) AS seconds,
                ((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS microseconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1) AS waits
      WHERE waits.triggered_by = parts_cut.triggered_by
        AND waits.microseconds >= parts_cut.low
        AND waits.microseconds < parts_cut.high) AS samples
   FROM
     (SELECT bands.triggered_by AS triggered_by,
             bands.last AS last,
             bands.mean AS mean,
             bands.low + ((bands.high - bands.low) / (:param_15 + 0.0)) * part.value AS low,
             CASE
                 WHEN (bands.samples >= :samples_1
                       AND part.value < :value_1) THEN bands.low + ((bands.high - bands.low) / (:param_15 + 0.0)) * (part.value + :value_2)
                 ELSE bands.high
             END AS high,
             bands.first AS start
      FROM
        (SELECT bands_ranked.triggered_by AS triggered_by,
                bands_ranked.last AS last,
                bands_ranked.mean AS mean,
                bands_ranked.low AS low,
                bands_ranked.high AS high,
                bands_ranked.start AS start, bands_ranked.samples AS samples,
                                             bands_ranked."after" AS "after",
                                             bands_ranked.first AS first
         FROM
           (SELECT bands_counted.triggered_by AS triggered_by,
                   bands_counted.last AS last,
                   bands_counted.mean AS mean,
                   bands_counted.low AS low,
                   bands_counted.high AS high,
                   bands_counted.start AS start, bands_counted.samples AS samples,
                                                 bands_counted.start + sum(bands_counted.samples) OVER (PARTITION BY bands_counted.triggered_by, bands_counted.start
                                                                                                        ORDER BY bands_counted.low) AS "after",
                                                 (bands_counted.start + sum(bands_counted.samples) OVER (PARTITION BY bands_counted.triggered_by, bands_counted.start
                                                                                                         ORDER BY bands_counted.low)) - bands_counted.samples AS first
            FROM bands_counted) AS bands_ranked
         WHERE bands_ranked.first < bands_ranked."after"
           AND (bands_ranked.first = :first_1
                OR bands_ranked."after" > bands_ranked.last
                OR bands_ranked.first <= CAST(bands_ranked.last * :param_19 AS BIGINT) + :param_20
                AND bands_ranked."after" > CAST(bands_ranked.last * :param_19 AS BIGINT)
                OR bands_ranked.first <= CAST(bands_ranked.last * :param_21 AS BIGINT) + :param_22
                AND bands_ranked."after" > CAST(bands_ranked.last * :param_21 AS BIGINT)
                OR bands_ranked.first <= CAST(bands_ranked.last * :param_23 AS BIGINT) + :param_24
                AND bands_ranked."after" > CAST(bands_ranked.last * :param_23 AS BIGINT))) AS bands
      JOIN json_each(:param_25) AS part ON bands.samples >= :samples_1
      OR part.value = :value_3) AS parts_cut)
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
     (SELECT waits.triggered_by AS triggered_by,
             CAST(waits.seconds AS FLOAT) AS number,
             (parts.first + row_number() OVER (PARTITION BY parts.triggered_by, parts.low
                                               ORDER BY waits.microseconds)) - :param_13 AS rank,
             parts.last AS last,
             parts.mean AS mean
      FROM
        (SELECT parts_ranked.triggered_by AS triggered_by,
                parts_ranked.last AS last,
                parts_ranked.mean AS mean,
                parts_ranked.low AS low,
                parts_ranked.high AS high,
                parts_ranked.start AS start, parts_ranked.samples AS samples,
                                             parts_ranked."after" AS "after",
                                             parts_ranked.first AS first
         FROM
           (SELECT parts_counted.triggered_by AS triggered_by,
                   parts_counted.last AS last,
                   parts_counted.mean AS mean,
                   parts_counted.low AS low,
                   parts_counted.high AS high,
                   parts_counted.start AS start, parts_counted.samples AS samples,
                                                 parts_counted.start + sum(parts_counted.samples) OVER (PARTITION BY parts_counted.triggered_by, parts_counted.start
                                                                                                        ORDER BY parts_counted.low) AS "after",
                                                 (parts_counted.start + sum(parts_counted.samples) OVER (PARTITION BY parts_counted.triggered_by, parts_counted.start
                                                                                                         ORDER BY parts_counted.low)) - parts_counted.samples AS first
            FROM parts_counted) AS parts_ranked
         WHERE parts_ranked.first < parts_ranked."after"
           AND (parts_ranked.first = :first_2
                OR parts_ranked."after" > parts_ranked.last
                OR parts_ranked.first <= CAST(parts_ranked.last * :param_26 AS BIGINT) + :param_27
                AND parts_ranked."after" > CAST(parts_ranked.last * :param_26 AS BIGINT)
                OR parts_ranked.first <= CAST(parts_ranked.last * :param_28 AS BIGINT) + :param_29
                AND parts_ranked."after" > CAST(parts_ranked.last * :param_28 AS BIGINT)
                OR parts_ranked.first <= CAST(parts_ranked.last * :param_30 AS BIGINT) + :param_31
                AND parts_ranked."after" > CAST(parts_ranked.last * :param_30 AS BIGINT))) AS parts
      JOIN
        (SELECT agent_execution.triggered_by AS triggered_by,
                CAST(((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_14 + 0.0) AS seconds,
                ((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS microseconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1) AS waits ON waits.triggered_by = parts.triggered_by
      AND waits.microseconds >= parts.low
      AND waits.microseconds < parts.high) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_32 AS BIGINT) IN (... 2 :param_33)
     OR ranked.rank - CAST(ranked.last * :param_34 AS BIGINT) IN (... 2 :param_35)
     OR ranked.rank - CAST(ranked.last * :param_36 AS BIGINT) IN (... 2 :param_37)
   GROUP BY ranked.triggered_by) AS spread
ORDER BY spread.triggered_by;
-- 9 rows
-- :count_3 = 1
-- :param_14 = 1000000
-- :workspace_id_1 = workspace#s1
-- :last_1 = 5000
-- :param_16 = 9223372036854775807
-- :param_17 = 0
-- :param_18 = [-9223372036854775807, 10, 12, 15, 18, 22, 26, 32, 38, 46, 56, 68, 83, 100, 121, 147, 178, 215, 261, 316, 383, 464, 562, 681, 825, 1000, 1212, 1468, 1778, 2154, 2610, 3162, 3831, 4642, 5623, 6813, 8254, 10000, 12115, 14678, 17783, 21544, 26102, 31623, 38312, 46416, 56234, 68129, 82540, 100000, 121153, 146780, 177828, 215443, 261016, 316228, 383119, 464159, 562341, 681292, 825404, 1000000, 1211528, 1467799, 1778279, 2154435, 2610157, 3162278, 3831187, 4641589, 5623413, 6812921, 8254042, 10000000, 12115277, 14677993, 17782794, 21544347, 26101572, 31622777, 38311868, 46415888, 56234133, 68129207, 82540419, 100000000, 121152766, 146779927, 177827941, 215443469, 261015722, 316227766, 383118685, 464158883, 562341325, 681292069, 825404185, 1000000000, 1211527659, 1467799268, 1778279410, 2154434690, 2610157216, 3162277660, 3831186850, 4641588834, 5623413252, 6812920691, 8254041853, 10000000000, 12115276586, 14677992676, 17782794100, 21544346900, 26101572157, 31622776602, 38311868496, 46415888336, 56234132519, 68129206906, 82540418527, 100000000000, 121152765863, 146779926762, 177827941004, 215443469003, 261015721568, 316227766017, 383118684956, 464158883361, 562341325190, 681292069058, 825404185268, 9223372036854775807]
-- :low_1 = -9223372036854775807
-- :param_15 = 64
-- :samples_1 = 64
-- :value_1 = 63
-- :value_2 = 1
-- :first_1 = 0
-- :param_19 = 0.5
-- :param_20 = 1
-- :param_21 = 0.95
-- :param_22 = 1
-- :param_23 = 0.99
-- :param_24 = 1
-- :param_25 = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63]
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
-- :param_26 = 0.5
-- :param_27 = 1
-- :param_28 = 0.95
-- :param_29 = 1
-- :param_30 = 0.99
-- :param_31 = 1
-- :rank_1 = 0
-- :param_32 = 0.5
-- :param_33 = (0, 1)
-- :param_34 = 0.95
-- :param_35 = (0, 1)
-- :param_36 = 0.99
-- :param_37 = (0, 1)
