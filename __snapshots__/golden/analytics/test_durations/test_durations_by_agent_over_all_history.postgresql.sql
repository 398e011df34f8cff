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
  (SELECT finished.agent_id AS agent_id,
          count(*) AS samples,
          avg(CAST(finished.duration_seconds AS FLOAT(53))) AS mean,
          min(CAST(finished.duration_seconds AS FLOAT(53))) AS minimum,
          percentile_cont(:param_1) WITHIN GROUP (
                                                  ORDER BY CAST(finished.duration_seconds AS FLOAT(53))) AS median,
                                                 percentile_cont(:param_2) WITHIN GROUP (
                                                                                         ORDER BY CAST(finished.duration_seconds AS FLOAT(53))) AS p95,
                                                                                        percentile_cont(:param_3) WITHIN GROUP (
                                                                                                                                ORDER BY CAST(finished.duration_seconds AS FLOAT(53))) AS p99,
                                                                                                                               max(CAST(finished.duration_seconds AS FLOAT(53))) AS maximum
   FROM
     (SELECT agent_execution.agent_id AS agent_id,
             agent_execution.duration_seconds AS duration_seconds
      FROM agent_execution
      WHERE agent_execution.workspace_id = :workspace_id_1::UUID
        AND true
        AND agent_execution.status IN (... 1)) AS finished
   WHERE finished.duration_seconds IS NOT NULL
   GROUP BY finished.agent_id) AS spread ON agent.id = spread.agent_id
AND agent.workspace_id = :workspace_id_2::UUID
ORDER BY spread.median DESC,
         agent.name COLLATE "C",
                            agent.id;
-- 4 rows
-- :param_1 = 0.5
-- :param_2 = 0.95
-- :param_3 = 0.99
-- :workspace_id_1 = workspace#s1
-- :status_1 = ('completed')
-- :workspace_id_2 = workspace#s1
