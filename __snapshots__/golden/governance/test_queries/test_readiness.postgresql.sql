SELECT agent.id AS agent_id,
       agent.name AS agent,
       agent.maturity_level,
       coalesce(episodes.episodes, :coalesce_1::INTEGER) AS episodes,
       CASE
           WHEN (agent.maturity_level = :maturity_level_1) THEN :param_1::INTEGER
           WHEN (agent.maturity_level = :maturity_level_2) THEN :param_2::INTEGER
           WHEN (agent.maturity_level = :maturity_level_3) THEN :param_3::INTEGER
       END AS episodes_needed,
       coalesce(interventions.interventions, :coalesce_2::INTEGER) AS interventions,
       CAST(coalesce(interventions.interventions, :coalesce_2::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(coalesce(episodes.episodes, :coalesce_1::INTEGER), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS intervention_rate,
       CASE
           WHEN (agent.maturity_level = :maturity_level_4) THEN :param_4
           WHEN (agent.maturity_level = :maturity_level_5) THEN :param_5
           WHEN (agent.maturity_level = :maturity_level_6) THEN :param_6
       END AS rate_allowed,
       coalesce(episodes.episodes, :coalesce_1::INTEGER) >= CASE
                                                                WHEN (agent.maturity_level = :maturity_level_1) THEN :param_1::INTEGER
                                                                WHEN (agent.maturity_level = :maturity_level_2) THEN :param_2::INTEGER
                                                                WHEN (agent.maturity_level = :maturity_level_3) THEN :param_3::INTEGER
                                                            END
AND CAST(coalesce(interventions.interventions, :coalesce_2::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(coalesce(episodes.episodes, :coalesce_1::INTEGER), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) <= CASE
                                                                                                                                                                                                                WHEN (agent.maturity_level = :maturity_level_4) THEN :param_4
                                                                                                                                                                                                                WHEN (agent.maturity_level = :maturity_level_5) THEN :param_5
                                                                                                                                                                                                                WHEN (agent.maturity_level = :maturity_level_6) THEN :param_6
                                                                                                                                                                                                            END AS ready
FROM agent
LEFT OUTER JOIN
  (SELECT agent_execution.agent_id AS agent_id,
          count(*) AS episodes
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
     AND agent_execution.status = :status_1
   GROUP BY agent_execution.agent_id) AS episodes ON episodes.agent_id = agent.id
LEFT OUTER JOIN
  (SELECT supervision_session.agent_id AS agent_id,
          CAST(coalesce(sum(supervision_session.intervention_count), :coalesce_3::INTEGER) AS BIGINT) AS interventions
   FROM supervision_session
   WHERE supervision_session.workspace_id = :workspace_id_2::UUID
   GROUP BY supervision_session.agent_id) AS interventions ON interventions.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_3::UUID
  AND agent.status != :status_2
  AND agent.maturity_level IN (... 3)
ORDER BY CASE
             WHEN (coalesce(episodes.episodes, :coalesce_1::INTEGER) >= CASE
                                                                            WHEN (agent.maturity_level = :maturity_level_1) THEN :param_1::INTEGER
                                                                            WHEN (agent.maturity_level = :maturity_level_2) THEN :param_2::INTEGER
                                                                            WHEN (agent.maturity_level = :maturity_level_3) THEN :param_3::INTEGER
                                                                        END
                   AND CAST(coalesce(interventions.interventions, :coalesce_2::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(coalesce(episodes.episodes, :coalesce_1::INTEGER), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) <= CASE
                                                                                                                                                                                                                                   WHEN (agent.maturity_level = :maturity_level_4) THEN :param_4
                                                                                                                                                                                                                                   WHEN (agent.maturity_level = :maturity_level_5) THEN :param_5
                                                                                                                                                                                                                                   WHEN (agent.maturity_level = :maturity_level_6) THEN :param_6
                                                                                                                                                                                                                               END) THEN :param_7::INTEGER
             ELSE :param_8::INTEGER
         END,
         CAST(coalesce(episodes.episodes, :coalesce_1::INTEGER) AS FLOAT(53)) / CAST(CAST(nullif(CASE
                                                                                                     WHEN (agent.maturity_level = :maturity_level_1) THEN :param_1::INTEGER
                                                                                                     WHEN (agent.maturity_level = :maturity_level_2) THEN :param_2::INTEGER
                                                                                                     WHEN (agent.maturity_level = :maturity_level_3) THEN :param_3::INTEGER
                                                                                                 END, :nullif_2::INTEGER) AS FLOAT(53)) AS FLOAT(53)) DESC, agent.name COLLATE "C",
                                                                                                                                                                               agent.id;
-- 4 rows
-- :coalesce_1 = 0
-- :maturity_level_1 = 'student'
-- :param_1 = 10
-- :maturity_level_2 = 'intern'
-- :param_2 = 25
-- :maturity_level_3 = 'supervised'
-- :param_3 = 50
-- :coalesce_2 = 0
-- :nullif_1 = 0
-- :maturity_level_4 = 'student'
-- :param_4 = 0.5
-- :maturity_level_5 = 'intern'
-- :param_5 = 0.2
-- :maturity_level_6 = 'supervised'
-- :param_6 = 0.0
-- :workspace_id_1 = workspace#1
-- :status_1 = 'completed'
-- :coalesce_3 = 0
-- :workspace_id_2 = workspace#1
-- :workspace_id_3 = workspace#1
-- :status_2 = 'deleted'
-- :maturity_level_7 = ('student', 'intern', 'supervised')
-- :param_7 = 0
-- :param_8 = 1
-- :nullif_2 = 0
