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
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_1 AS BIGINT) + :param_2, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_1 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_4 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_4 AS BIGINT) + :param_5, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_4 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_6 - CAST(ranked.last * :param_4 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_7 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_7 AS BIGINT) + :param_8, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_7 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_9 - CAST(ranked.last * :param_7 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT finished.agent_id AS agent_id,
             CAST(finished.duration_seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY finished.agent_id
                                ORDER BY CAST(finished.duration_seconds AS FLOAT)) - :param_10 AS rank,
             count(*) OVER (PARTITION BY finished.agent_id) - :param_11 AS last,
             avg(CAST(finished.duration_seconds AS FLOAT)) OVER (PARTITION BY finished.agent_id) AS mean
      FROM
        (SELECT agent_execution.agent_id AS agent_id,
                agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND 1 = 1
           AND agent_execution.status IN (... 1)) AS finished
      WHERE finished.duration_seconds IS NOT NULL) AS ranked
   WHERE ranked.rank = :rank_1
     OR ranked.rank = ranked.last
     OR ranked.rank - CAST(ranked.last * :param_12 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_14 AS BIGINT) IN (... 2)
     OR ranked.rank - CAST(ranked.last * :param_16 AS BIGINT) IN (... 2)
   GROUP BY ranked.agent_id) AS spread ON agent.id = spread.agent_id
ORDER BY spread.median DESC,
         agent.name,
         agent.id;
-- 4 rows
-- :max_1 = 1
-- :coalesce_1 = 0
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.5
-- :param_4 = 0.95
-- :param_5 = 1
-- :param_6 = 0.95
-- :param_7 = 0.99
-- :param_8 = 1
-- :param_9 = 0.99
-- :param_10 = 1
-- :param_11 = 1
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('completed')
-- :rank_1 = 0
-- :param_12 = 0.5
-- :param_13 = (0, 1)
-- :param_14 = 0.95
-- :param_15 = (0, 1)
-- :param_16 = 0.99
-- :param_17 = (0, 1)
