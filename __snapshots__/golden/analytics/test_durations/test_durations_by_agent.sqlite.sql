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
          count(*) AS samples,
          avg(ranked.number) AS mean,
          min(ranked.number) AS minimum,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_1 AS BIGINT) + :param_2, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_1 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_1 - CAST(ranked.last * :param_1 AS BIGINT)) AS median,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_3 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_3 AS BIGINT) + :param_4, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_3 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_3 - CAST(ranked.last * :param_3 AS BIGINT)) AS p95,
          max(CASE
                  WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
              END) + (max(CASE
                              WHEN (ranked.rank = min(CAST(ranked.last * :param_5 AS BIGINT) + :param_6, ranked.last)) THEN ranked.number
                          END) - max(CASE
                                         WHEN (ranked.rank = CAST(ranked.last * :param_5 AS BIGINT)) THEN ranked.number
                                     END)) * max(ranked.last * :param_5 - CAST(ranked.last * :param_5 AS BIGINT)) AS p99,
          max(ranked.number) AS maximum
   FROM
     (SELECT finished.agent_id AS agent_id,
             CAST(finished.duration_seconds AS FLOAT) AS number,
             row_number() OVER (PARTITION BY finished.agent_id
                                ORDER BY CAST(finished.duration_seconds AS FLOAT)) - :param_7 AS rank,
             count(*) OVER (PARTITION BY finished.agent_id) - :param_8 AS last
      FROM
        (SELECT agent_execution.agent_id AS agent_id,
                agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1
           AND agent_execution.created_at >= :created_at_1
           AND agent_execution.created_at < :created_at_2
           AND agent_execution.status IN (... 1)) AS finished
      WHERE finished.duration_seconds IS NOT NULL) AS ranked
   GROUP BY ranked.agent_id) AS spread ON spread.agent_id = agent.id
ORDER BY spread.median DESC,
         agent.name,
         agent.id;
-- 4 rows
-- :param_1 = 0.5
-- :param_2 = 1
-- :param_3 = 0.95
-- :param_4 = 1
-- :param_5 = 0.99
-- :param_6 = 1
-- :param_7 = 1
-- :param_8 = 1
-- :workspace_id_1 = workspace#s1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :status_1 = ('completed')
