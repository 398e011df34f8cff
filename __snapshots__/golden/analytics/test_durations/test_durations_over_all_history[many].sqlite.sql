WITH groups AS MATERIALIZED
  (SELECT count(finished.duration_seconds) - :count_2 AS last,
          avg(CAST(finished.duration_seconds AS FLOAT)) AS mean
   FROM
     (SELECT agent_execution.agent_id AS agent_id,
             agent_execution.duration_seconds AS duration_seconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1
        AND 1 = 1
        AND agent_execution.status IN (... 1)) AS finished), counted_bands AS MATERIALIZED
  (SELECT groups.last AS last,
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
                        (SELECT agent_execution.agent_id AS agent_id,
                                agent_execution.duration_seconds AS duration_seconds
                         FROM agent_execution
                         WHERE agent_execution.workspace_id = :workspace_id_1
                           AND 1 = 1
                           AND agent_execution.status IN (... 1)) AS finished
                      WHERE finished.duration_seconds >= spans.low
                        AND finished.duration_seconds < spans.high)
              ELSE groups.last + :last_2
          END AS samples
   FROM groups
   JOIN
     (SELECT edge.value AS low,
             lead(edge.value) OVER (
                                    ORDER BY edge.value) AS high
      FROM json_each(:param_15) AS edge) AS spans ON spans.high IS NOT NULL
   WHERE groups.last >= :last_1
     OR spans.low = :low_1)
SELECT spread.samples,
       spread.mean,
       spread.minimum,
       spread.median,
       spread.p95,
       spread.p99,
       spread.maximum
FROM
  (SELECT coalesce(max(ranked.last) + :max_1, :coalesce_1) AS samples,
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
     (SELECT CAST(finished.duration_seconds AS FLOAT) AS number,
             (bands.first + row_number() OVER (PARTITION BY bands.low
                                               ORDER BY finished.duration_seconds)) - :param_13 AS rank,
             bands.last AS last,
             bands.mean AS mean
      FROM
        (SELECT counted_bands.last AS last,
                counted_bands.mean AS mean,
                counted_bands.low AS low,
                counted_bands.high AS high,
                counted_bands.samples AS samples,
                sum(counted_bands.samples) OVER (
                                                 ORDER BY counted_bands.low) AS "after",
                sum(counted_bands.samples) OVER (
                                                 ORDER BY counted_bands.low) - counted_bands.samples AS first
         FROM counted_bands) AS bands
      JOIN
        (SELECT agent_execution.agent_id AS agent_id,
                agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1
           AND agent_execution.status IN (... 1)) AS finished ON finished.duration_seconds >= bands.low
      AND finished.duration_seconds < bands.high
      WHERE bands.first < bands."after"
        AND (bands.first = :first_1
             OR bands."after" > bands.last
             OR bands.first <= CAST(bands.last * :param_16 AS BIGINT) + :param_17
             AND bands."after" > CAST(bands.last * :param_16 AS BIGINT)
             OR bands.first <= CAST(bands.last * :param_18 AS BIGINT) + :param_19
             AND bands."after" > CAST(bands.last * :param_18 AS BIGINT)
             OR bands.first <= CAST(bands.last * :param_20 AS BIGINT) + :param_21
             AND bands."after" > CAST(bands.last * :param_20 AS BIGINT))) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_22 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_24 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_26 AS BIGINT) IN (... 2)) AS spread;
-- 1 row
-- :count_2 = 1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('completed')
-- :last_1 = 0
-- :param_14 = 1e+308
-- :last_2 = 1
-- :param_15 = [-1e+308.0, 0.00001, 0.000011, 0.000012, 0.000013, 0.000014, 0.000015, 0.000016, 0.000017, 0.000018, 0.000019, 0.00002, 0.000021, 0.000022, 0.000023, 0.000024, 0.000025, 0.000026, 0.000027, 0.000029, 0.00003, 0.000032, 0.000033, 0.000035, 0.000037, 0.000038, 0.00004, 0.000042, 0.000044, 0.000046, 0.000049, 0.000051, 0.000054, 0.000056, 0.000059, 0.000062, 0.000065, 0.000068, 0.000071, 0.000075, 0.000079, 0.000083, 0.000087, 0.000091, 0.000095, 0.0001, 0.000105, 0.00011, 0.000115, 0.000121, 0.000127, 0.000133, 0.00014, 0.000147, 0.000154, 0.000162, 0.000169, 0.000178, 0.000187, 0.000196, 0.000205, 0.000215, 0.000226, 0.000237, 0.000249, 0.000261, 0.000274, 0.000287, 0.000301, 0.000316, 0.000332, 0.000348, 0.000365, 0.000383, 0.000402, 0.000422, 0.000442, 0.000464, 0.000487, 0.000511, 0.000536, 0.000562, 0.00059, 0.000619, 0.000649, 0.000681, 0.000715, 0.00075, 0.000787, 0.000825, 0.000866, 0.000909, 0.000953, 0.001, 0.001049, 0.001101, 0.001155, 0.001212, 0.001271, 0.001334, 0.001399, 0.001468, 0.00154, 0.001616, 0.001695, 0.001778, 0.001866, 0.001957, 0.002054, 0.002154, 0.00226, 0.002371, 0.002488, 0.00261, 0.002738, 0.002873, 0.003014, 0.003162, 0.003318, 0.003481, 0.003652, 0.003831, 0.004019, 0.004217, 0.004424, 0.004642, 0.00487, 0.005109, 0.00536, 0.005623, 0.0059, 0.00619, 0.006494, 0.006813, 0.007148, 0.007499, 0.007867, 0.008254, 0.00866, 0.009085, 0.009532, 0.01, 0.010491, 0.011007, 0.011548, 0.012115, 0.012711, 0.013335, 0.013991, 0.014678, 0.015399, 0.016156, 0.01695, 0.017783, 0.018657, 0.019573, 0.020535, 0.021544, 0.022603, 0.023714, 0.024879, 0.026102, 0.027384, 0.02873, 0.030142, 0.031623, 0.033177, 0.034807, 0.036517, 0.038312, 0.040195, 0.04217, 0.044242, 0.046416, 0.048697, 0.05109, 0.0536, 0.056234, 0.058997, 0.061897, 0.064938, 0.068129, 0.071477, 0.074989, 0.078674, 0.08254, 0.086596, 0.090852, 0.095316, 0.1, 0.104914, 0.110069, 0.115478, 0.121153, 0.127106, 0.133352, 0.139905, 0.14678, 0.153993, 0.16156, 0.169499, 0.177828, 0.186566, 0.195734, 0.205353, 0.215443, 0.22603, 0.237137, 0.24879, 0.261016, 0.273842, 0.287298, 0.301416, 0.316228, 0.331767, 0.34807, 0.365174, 0.383119, 0.401945, 0.421697, 0.442419, 0.464159, 0.486968, 0.510897, 0.536002, 0.562341, 0.589975, 0.618966, 0.649382, 0.681292, 0.714771, 0.749894, 0.786744, 0.825404, 0.865964, 0.908518, 0.953162, 1.0, 1.04914, 1.100694, 1.154782, 1.211528, 1.271062, 1.333521, 1.39905, 1.467799, 1.539927, 1.615598, 1.694988, 1.778279, 1.865664, 1.957342, 2.053525, 2.154435, 2.260303, 2.371374, 2.487902, 2.610157, 2.73842, 2.872985, 3.014163, 3.162278, 3.317671, 3.480701, 3.651741, 3.831187, 4.01945, 4.216965, 4.424186, 4.641589, 4.869675, 5.10897, 5.360023, 5.623413, 5.899746, 6.189658, 6.493816, 6.812921, 7.147706, 7.498942, 7.867438, 8.254042, 8.659643, 9.085176, 9.531619, 10.0, 10.491397, 11.006942, 11.54782, 12.115277, 12.710618, 13.335214, 13.990503, 14.677993, 15.399265, 16.155981, 16.949882, 17.782794, 18.656636, 19.573418, 20.53525, 21.544347, 22.60303, 23.713737, 24.879024, 26.101572, 27.384196, 28.729848, 30.141625, 31.622777, 33.176711, 34.807006, 36.517413, 38.311868, 40.194503, 42.16965, 44.241856, 46.415888, 48.696753, 51.089698, 53.600232, 56.234133, 58.997463, 61.896582, 64.938163, 68.129207, 71.477058, 74.989421, 78.674381, 82.540419, 86.596432, 90.851758, 95.316188, 100.0, 104.913973, 110.069417, 115.478198, 121.152766, 127.10618, 133.352143, 139.905031, 146.779927, 153.992653, 161.55981, 169.498815, 177.827941, 186.566358, 195.734178, 205.352503, 215.443469, 226.030303, 237.137371, 248.790237, 261.015722, 273.841963, 287.298483, 301.416253, 316.227766, 331.767113, 348.070059, 365.174127, 383.118685, 401.945033, 421.696503, 442.418555, 464.158883, 486.967525, 510.896977, 536.002317, 562.341325, 589.974626, 618.965819, 649.381632, 681.292069, 714.770577, 749.894209, 786.743808, 825.404185, 865.964323, 908.517576, 953.161883, 1000.0, 1049.139729, 1100.694171, 1154.781985, 1211.527659, 1271.0618, 1333.521432, 1399.050314, 1467.799268, 1539.926526, 1615.598098, 1694.988151, 1778.27941, 1865.663579, 1957.341781, 2053.525026, 2154.43469, 2260.303027, 2371.373706, 2487.902367, 2610.157216, 2738.419634, 2872.984833, 3014.16253, 3162.27766, 3317.671128, 3480.700588, 3651.741273, 3831.18685, 4019.450334, 4216.965034, 4424.185554, 4641.588834, 4869.675252, 5108.969775, 5360.023165, 5623.413252, 5899.746256, 6189.658189, 6493.816316, 6812.920691, 7147.705768, 7498.942093, 7867.438077, 8254.041853, 8659.643234, 9085.175757, 9531.618832, 10000.0, 10491.397291, 11006.941713, 11547.819847, 12115.276586, 12710.617996, 13335.214322, 13990.503141, 14677.992676, 15399.265261, 16155.980984, 16949.881514, 17782.7941, 18656.635786, 19573.417815, 20535.250265, 21544.3469, 22603.030271, 23713.737057, 24879.023672, 26101.572157, 27384.196343, 28729.848334, 30141.625299, 31622.776602, 33176.711278, 34807.005884, 36517.412725, 38311.868496, 40194.503336, 42169.650343, 44241.855538, 46415.888336, 48696.752517, 51089.697745, 53600.231654, 56234.132519, 58997.462559, 61896.581889, 64938.163158, 68129.206906, 71477.057679, 74989.420933, 78674.380766, 82540.418527, 86596.432336, 90851.757565, 95316.188323, 100000.0, 104913.972914, 110069.417125, 115478.198469, 121152.765863, 127106.179961, 133352.143216, 139905.031414, 146779.926762, 153992.652606, 161559.809844, 169498.815139, 177827.941004, 186566.357858, 195734.178149, 205352.502646, 215443.469003, 226030.302714, 237137.370566, 248790.236724, 261015.721568, 273841.963426, 287298.483335, 301416.252988, 316227.766017, 331767.112784, 348070.058843, 365174.127255, 383118.684956, 401945.033362, 421696.503429, 442418.555385, 464158.883361, 486967.525166, 510896.977451, 536002.316539, 562341.32519, 589974.625592, 618965.818891, 649381.631576, 681292.069058, 714770.576794, 749894.209332, 786743.80766, 825404.185268, 865964.32336, 908517.575652, 953161.883235, 1e+308.0]
-- :low_1 = -1e+308
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
-- :param_16 = 0.5
-- :param_17 = 1
-- :param_18 = 0.95
-- :param_19 = 1
-- :param_20 = 0.99
-- :param_21 = 1
-- :rank_1 = 0
-- :param_22 = 0.5
-- :param_23 = (0, 1)
-- :param_24 = 0.95
-- :param_25 = (0, 1)
-- :param_26 = 0.99
-- :param_27 = (0, 1)
