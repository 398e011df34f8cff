WITH episodes AS
  (SELECT agent_execution.agent_id AS agent_id,
          count(*) AS episodes
   FROM agent_execution
   WHERE agent_execution.workspace_id = :workspace_id_1::UUID
     AND agent_execution.status = :status_1
   GROUP BY agent_execution.agent_id),
     interventions AS
  (SELECT supervision_session.agent_id AS agent_id,
          sum(supervision_session.intervention_count) AS interventions
   FROM supervision_session
   WHERE supervision_session.workspace_id = :workspace_id_2::UUID
   GROUP BY supervision_session.agent_id)
SELECT agent.id AS agent_id,
       agent.name,
       agent.maturity_level,
       CASE
           WHEN (agent.maturity_level = :maturity_level_1) THEN :param_1::VARCHAR
           WHEN (agent.maturity_level = :maturity_level_2) THEN :param_2::VARCHAR
           WHEN (agent.maturity_level = :maturity_level_3) THEN :param_3::VARCHAR
       END AS next_level,
       coalesce(episodes.episodes, :coalesce_1::INTEGER) AS episodes,
       CASE
           WHEN (agent.maturity_level = :maturity_level_4) THEN :param_4::INTEGER
           WHEN (agent.maturity_level = :maturity_level_5) THEN :param_5::INTEGER
           WHEN (agent.maturity_level = :maturity_level_6) THEN :param_6::INTEGER
       END AS needed_episodes,
       coalesce(interventions.interventions, :coalesce_2::INTEGER) AS interventions,
       (coalesce(interventions.interventions, :coalesce_2::INTEGER) * :coalesce_3) / CAST(nullif(coalesce(episodes.episodes, :coalesce_1::INTEGER), :nullif_1::INTEGER) AS NUMERIC) AS intervention_rate,
       CASE
           WHEN (agent.maturity_level = :maturity_level_7) THEN :param_7
           WHEN (agent.maturity_level = :maturity_level_8) THEN :param_8
           WHEN (agent.maturity_level = :maturity_level_9) THEN :param_9
       END AS allowed_rate,
       CASE
           WHEN (agent.maturity_level = :maturity_level_10) THEN CASE
                                                                     WHEN (coalesce(episodes.episodes, :coalesce_1::INTEGER) >= :coalesce_4::INTEGER
                                                                           AND coalesce(interventions.interventions, :coalesce_2::INTEGER) <= :coalesce_5 * coalesce(episodes.episodes, :coalesce_1::INTEGER)) THEN :param_10::INTEGER
                                                                     ELSE :param_11::INTEGER
                                                                 END
           WHEN (agent.maturity_level = :maturity_level_11) THEN CASE
                                                                     WHEN (coalesce(episodes.episodes, :coalesce_1::INTEGER) >= :coalesce_6::INTEGER
                                                                           AND coalesce(interventions.interventions, :coalesce_2::INTEGER) <= :coalesce_7 * coalesce(episodes.episodes, :coalesce_1::INTEGER)) THEN :param_12::INTEGER
                                                                     ELSE :param_13::INTEGER
                                                                 END
           WHEN (agent.maturity_level = :maturity_level_12) THEN CASE
                                                                     WHEN (coalesce(episodes.episodes, :coalesce_1::INTEGER) >= :coalesce_8::INTEGER
                                                                           AND coalesce(interventions.interventions, :coalesce_2::INTEGER) <= :coalesce_9 * coalesce(episodes.episodes, :coalesce_1::INTEGER)) THEN :param_14::INTEGER
                                                                     ELSE :param_15::INTEGER
                                                                 END
           ELSE :param_16::INTEGER
       END = :param_17::INTEGER AS ready
FROM agent
LEFT OUTER JOIN episodes ON episodes.agent_id = agent.id
LEFT OUTER JOIN interventions ON interventions.agent_id = agent.id
WHERE agent.workspace_id = :workspace_id_3::UUID
  AND agent.maturity_level != :maturity_level_13
  AND agent.status != :status_2
ORDER BY agent.name,
         agent.id;
-- x 2: 4 rows each
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'completed'
-- :workspace_id_2 = workspace#s1
-- :maturity_level_1 = 'student'
-- :param_1 = 'intern'
-- :maturity_level_2 = 'intern'
-- :param_2 = 'supervised'
-- :maturity_level_3 = 'supervised'
-- :param_3 = 'autonomous'
-- :coalesce_1 = 0
-- :maturity_level_4 = 'student'
-- :param_4 = 10
-- :maturity_level_5 = 'intern'
-- :param_5 = 25
-- :maturity_level_6 = 'supervised'
-- :param_6 = 50
-- :coalesce_2 = 0
-- :coalesce_3 = 1
-- :nullif_1 = 0
-- :maturity_level_7 = 'student'
-- :param_7 = 0.5
-- :maturity_level_8 = 'intern'
-- :param_8 = 0.2
-- :maturity_level_9 = 'supervised'
-- :param_9 = 0
-- :maturity_level_10 = 'student'
-- :coalesce_4 = 10
-- :coalesce_5 = 0.5
-- :param_10 = 1
-- :param_11 = 0
-- :maturity_level_11 = 'intern'
-- :coalesce_6 = 25
-- :coalesce_7 = 0.2
-- :param_12 = 1
-- :param_13 = 0
-- :maturity_level_12 = 'supervised'
-- :coalesce_8 = 50
-- :coalesce_9 = 0
-- :param_14 = 1
-- :param_15 = 0
-- :param_16 = 0
-- :param_17 = 1
-- :workspace_id_3 = workspace#s1
-- :maturity_level_13 = 'autonomous'
-- :status_2 = 'deleted'
