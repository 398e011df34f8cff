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
  (SELECT ordered.agent_id AS agent_id,
          ordered.samples AS samples,
          ordered.mean AS mean,
          ordered.found[:found_1::INTEGER] AS minimum,
          ordered.found[:found_2::INTEGER] AS median,
          ordered.found[:found_3::INTEGER] AS p95,
          ordered.found[:found_4::INTEGER] AS p99,
          ordered.found[:found_5::INTEGER] AS maximum
   FROM
     (SELECT finished.agent_id AS agent_id,
             count(*) AS samples,
             avg(CAST(finished.duration_seconds AS FLOAT(53))) AS mean,
             percentile_cont(:param_1::FLOAT(53)[]) WITHIN GROUP (
                                                                  ORDER BY CAST(finished.duration_seconds AS FLOAT(53))) AS found
      FROM
        (SELECT agent_execution.agent_id AS agent_id,
                agent_execution.duration_seconds AS duration_seconds
         FROM agent_execution
         WHERE agent_execution.workspace_id = :workspace_id_1::UUID
           AND true
           AND agent_execution.status IN (... 1)) AS finished
      WHERE finished.duration_seconds IS NOT NULL
      GROUP BY finished.agent_id) AS ordered) AS spread ON agent.id = spread.agent_id
AND agent.workspace_id = :workspace_id_2::UUID
ORDER BY spread.median DESC,
         agent.name COLLATE "C",
                            agent.id;
-- 4 rows
-- :found_1 = 1
-- :found_2 = 2
-- :found_3 = 3
-- :found_4 = 4
-- :found_5 = 5
-- :param_1 = [0.0, 0.5, 0.95, 0.99, 1.0]
-- :workspace_id_1 = workspace#1
-- :status_1 = ('completed')
-- :workspace_id_2 = workspace#1
