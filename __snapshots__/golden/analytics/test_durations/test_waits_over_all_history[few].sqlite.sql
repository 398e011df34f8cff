WITH groups AS MATERIALIZED
  (SELECT waits.triggered_by AS triggered_by,
          count(waits.microseconds) - :count_2 AS last,
          avg(CAST(waits.seconds AS FLOAT)) AS mean
   FROM
     (SELECT agent_execution.triggered_by AS triggered_by,
             CAST(((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_15 + 0.0) AS seconds,
             ((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS microseconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1
        AND 1 = 1) AS waits
   GROUP BY waits.triggered_by), counted_bands AS MATERIALIZED
  (SELECT groups.triggered_by AS triggered_by,
          groups.last AS last,
          groups.mean AS mean,
          spans.low AS low,
          CASE
              WHEN (groups.last >= :last_1) THEN spans.high
              ELSE :param_14
          END AS high,
          CASE
              WHEN (groups.last >= :last_1) THEN
                     (SELECT count(*) AS count_1
                      FROM
                        (SELECT agent_execution.triggered_by AS triggered_by,
                                CAST(((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_15 + 0.0) AS seconds,
                                ((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS microseconds
                         FROM agent_execution
                         WHERE agent_execution.workspace_id = :workspace_id_1
                           AND 1 = 1) AS waits
                      WHERE waits.triggered_by = groups.triggered_by
                        AND waits.microseconds >= spans.low
                        AND waits.microseconds < spans.high)
              ELSE groups.last + :last_2
          END AS samples
   FROM groups
   JOIN
     (SELECT edge.value AS low,
             lead(edge.value) OVER (
                                    ORDER BY edge.value) AS high
      FROM json_each(:param_16) AS edge) AS spans ON spans.high IS NOT NULL
   WHERE groups.last >= :last_1
     OR spans.low = :low_1)
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
             (bands.first + row_number() OVER (PARTITION BY bands.triggered_by, bands.low
                                               ORDER BY waits.microseconds)) - :param_13 AS rank,
             bands.last AS last,
             bands.mean AS mean
      FROM
        (SELECT counted_bands.triggered_by AS triggered_by,
                counted_bands.last AS last,
                counted_bands.mean AS mean,
                counted_bands.low AS low,
                counted_bands.high AS high,
                counted_bands.samples AS samples,
                sum(counted_bands.samples) OVER (PARTITION BY counted_bands.triggered_by
                                                 ORDER BY counted_bands.low) AS "after",
                sum(counted_bands.samples) OVER (PARTITION BY counted_bands.triggered_by
                                                 ORDER BY counted_bands.low) - counted_bands.samples AS first
         FROM counted_bands) AS bands
      JOIN
        (SELECT agent_execution.triggered_by AS triggered_by,
                CAST(((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_15 + 0.0) AS seconds,
                ((unixepoch(substr(agent_execution.started_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.started_at, 21, 6) AS INTEGER)) - (unixepoch(substr(agent_execution.created_at, 1, 19)) * 1000000 + CAST(substr(agent_execution.created_at, 21, 6) AS INTEGER))) AS microseconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1) AS waits ON waits.triggered_by = bands.triggered_by
      AND waits.microseconds >= bands.low
      AND waits.microseconds < bands.high
      WHERE bands.first < bands."after"
        AND (bands.first = :first_1
             OR bands."after" > bands.last
             OR bands.first <= CAST(bands.last * :param_17 AS BIGINT) + :param_18
             AND bands."after" > CAST(bands.last * :param_17 AS BIGINT)
             OR bands.first <= CAST(bands.last * :param_19 AS BIGINT) + :param_20
             AND bands."after" > CAST(bands.last * :param_19 AS BIGINT)
             OR bands.first <= CAST(bands.last * :param_21 AS BIGINT) + :param_22
             AND bands."after" > CAST(bands.last * :param_21 AS BIGINT))) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_23 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_25 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_27 AS BIGINT) IN (... 2)
   GROUP BY ranked.triggered_by) AS spread
ORDER BY spread.triggered_by;
-- 9 rows
-- :count_2 = 1
-- :param_15 = 1000000
-- :workspace_id_1 = workspace#s1
-- :last_1 = 20000
-- :param_14 = 9223372036854775807
-- :last_2 = 1
-- :param_16 = [-9223372036854775807, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 29, 30, 32, 33, 35, 37, 38, 40, 42, 44, 46, 49, 51, 54, 56, 59, 62, 65, 68, 71, 75, 79, 83, 87, 91, 95, 100, 105, 110, 115, 121, 127, 133, 140, 147, 154, 162, 169, 178, 187, 196, 205, 215, 226, 237, 249, 261, 274, 287, 301, 316, 332, 348, 365, 383, 402, 422, 442, 464, 487, 511, 536, 562, 590, 619, 649, 681, 715, 750, 787, 825, 866, 909, 953, 1000, 1049, 1101, 1155, 1212, 1271, 1334, 1399, 1468, 1540, 1616, 1695, 1778, 1866, 1957, 2054, 2154, 2260, 2371, 2488, 2610, 2738, 2873, 3014, 3162, 3318, 3481, 3652, 3831, 4019, 4217, 4424, 4642, 4870, 5109, 5360, 5623, 5900, 6190, 6494, 6813, 7148, 7499, 7867, 8254, 8660, 9085, 9532, 10000, 10491, 11007, 11548, 12115, 12711, 13335, 13991, 14678, 15399, 16156, 16950, 17783, 18657, 19573, 20535, 21544, 22603, 23714, 24879, 26102, 27384, 28730, 30142, 31623, 33177, 34807, 36517, 38312, 40195, 42170, 44242, 46416, 48697, 51090, 53600, 56234, 58997, 61897, 64938, 68129, 71477, 74989, 78674, 82540, 86596, 90852, 95316, 100000, 104914, 110069, 115478, 121153, 127106, 133352, 139905, 146780, 153993, 161560, 169499, 177828, 186566, 195734, 205353, 215443, 226030, 237137, 248790, 261016, 273842, 287298, 301416, 316228, 331767, 348070, 365174, 383119, 401945, 421697, 442419, 464159, 486968, 510897, 536002, 562341, 589975, 618966, 649382, 681292, 714771, 749894, 786744, 825404, 865964, 908518, 953162, 1000000, 1049140, 1100694, 1154782, 1211528, 1271062, 1333521, 1399050, 1467799, 1539927, 1615598, 1694988, 1778279, 1865664, 1957342, 2053525, 2154435, 2260303, 2371374, 2487902, 2610157, 2738420, 2872985, 3014163, 3162278, 3317671, 3480701, 3651741, 3831187, 4019450, 4216965, 4424186, 4641589, 4869675, 5108970, 5360023, 5623413, 5899746, 6189658, 6493816, 6812921, 7147706, 7498942, 7867438, 8254042, 8659643, 9085176, 9531619, 10000000, 10491397, 11006942, 11547820, 12115277, 12710618, 13335214, 13990503, 14677993, 15399265, 16155981, 16949882, 17782794, 18656636, 19573418, 20535250, 21544347, 22603030, 23713737, 24879024, 26101572, 27384196, 28729848, 30141625, 31622777, 33176711, 34807006, 36517413, 38311868, 40194503, 42169650, 44241856, 46415888, 48696753, 51089698, 53600232, 56234133, 58997463, 61896582, 64938163, 68129207, 71477058, 74989421, 78674381, 82540419, 86596432, 90851758, 95316188, 100000000, 104913973, 110069417, 115478198, 121152766, 127106180, 133352143, 139905031, 146779927, 153992653, 161559810, 169498815, 177827941, 186566358, 195734178, 205352503, 215443469, 226030303, 237137371, 248790237, 261015722, 273841963, 287298483, 301416253, 316227766, 331767113, 348070059, 365174127, 383118685, 401945033, 421696503, 442418555, 464158883, 486967525, 510896977, 536002317, 562341325, 589974626, 618965819, 649381632, 681292069, 714770577, 749894209, 786743808, 825404185, 865964323, 908517576, 953161883, 1000000000, 1049139729, 1100694171, 1154781985, 1211527659, 1271061800, 1333521432, 1399050314, 1467799268, 1539926526, 1615598098, 1694988151, 1778279410, 1865663579, 1957341781, 2053525026, 2154434690, 2260303027, 2371373706, 2487902367, 2610157216, 2738419634, 2872984833, 3014162530, 3162277660, 3317671128, 3480700588, 3651741273, 3831186850, 4019450334, 4216965034, 4424185554, 4641588834, 4869675252, 5108969775, 5360023165, 5623413252, 5899746256, 6189658189, 6493816316, 6812920691, 7147705768, 7498942093, 7867438077, 8254041853, 8659643234, 9085175757, 9531618832, 10000000000, 10491397291, 11006941713, 11547819847, 12115276586, 12710617996, 13335214322, 13990503141, 14677992676, 15399265261, 16155980984, 16949881514, 17782794100, 18656635786, 19573417815, 20535250265, 21544346900, 22603030271, 23713737057, 24879023672, 26101572157, 27384196343, 28729848334, 30141625299, 31622776602, 33176711278, 34807005884, 36517412725, 38311868496, 40194503336, 42169650343, 44241855538, 46415888336, 48696752517, 51089697745, 53600231654, 56234132519, 58997462559, 61896581889, 64938163158, 68129206906, 71477057679, 74989420933, 78674380766, 82540418527, 86596432336, 90851757565, 95316188323, 100000000000, 104913972914, 110069417125, 115478198469, 121152765863, 127106179961, 133352143216, 139905031414, 146779926762, 153992652606, 161559809844, 169498815139, 177827941004, 186566357858, 195734178149, 205352502646, 215443469003, 226030302714, 237137370566, 248790236724, 261015721568, 273841963426, 287298483335, 301416252988, 316227766017, 331767112784, 348070058843, 365174127255, 383118684956, 401945033362, 421696503429, 442418555385, 464158883361, 486967525166, 510896977451, 536002316539, 562341325190, 589974625592, 618965818891, 649381631576, 681292069058, 714770576794, 749894209332, 786743807660, 825404185268, 865964323360, 908517575652, 953161883235, 9223372036854775807]
-- :low_1 = -9223372036854775807
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
-- :first_1 = 0
-- :param_17 = 0.5
-- :param_18 = 1
-- :param_19 = 0.95
-- :param_20 = 1
-- :param_21 = 0.99
-- :param_22 = 1
-- :rank_1 = 0
-- :param_23 = 0.5
-- :param_24 = (0, 1)
-- :param_25 = 0.95
-- :param_26 = (0, 1)
-- :param_27 = 0.99
-- :param_28 = (0, 1)
