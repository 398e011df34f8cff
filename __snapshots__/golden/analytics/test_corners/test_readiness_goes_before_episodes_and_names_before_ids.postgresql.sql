INSERT INTO agent (id, workspace_id, name, description, category, module_path, class_name, maturity_level, status, confidence_score, capabilities, created_at, updated_at)
VALUES (:id::UUID, :workspace_id::UUID, :name::VARCHAR, :description::VARCHAR, :category::VARCHAR, :module_path::VARCHAR, :class_name::VARCHAR, :maturity_level, :status, :confidence_score, :capabilities::JSON, :created_at::TIMESTAMP WITH TIME ZONE, :updated_at::TIMESTAMP WITH TIME ZONE);
-- x 3: 3 rows
-- :id = agent#1, agent#2, agent#3
-- :workspace_id = workspace#s1
-- :name = 'Zoe', 'Bea', 'Amy'
-- :description = ''
-- :category = 'c'
-- :module_path = 'm'
-- :class_name = 'Zoe', 'Bea', 'Amy'
-- :maturity_level = 'student'
-- :status = 'active'
-- :confidence_score = 0.4
-- :capabilities = []
-- :created_at = 2026-03-02 09:00:00Z, 2026-03-02 09:00:02Z, 2026-03-02 09:00:04Z
-- :updated_at = 2026-03-02 09:00:01Z, 2026-03-02 09:00:03Z, 2026-03-02 09:00:05Z

INSERT INTO agent_execution (id, workspace_id, agent_id, status, triggered_by, created_at, started_at, completed_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :status, :triggered_by, :created_at::TIMESTAMP WITH TIME ZONE, :started_at::TIMESTAMP WITH TIME ZONE, :completed_at::TIMESTAMP WITH TIME ZONE);
-- x 42: rows 20, 11, 11
-- :id = agent_execution#s1, agent_execution#s2, agent_execution#s3, agent_execution#s4, agent_execution#s5, agent_execution#s6, agent_execution#s7, agent_execution#s8, agent_execution#s9, agent_execution#s10, agent_execution#s11, agent_execution#s12, agent_execution#s13, agent_execution#s14, agent_execution#s15, agent_execution#s16, agent_execution#s17, agent_execution#s18, agent_execution#s19, agent_execution#s20, ... 22 more
-- :workspace_id = workspace#s1
-- :agent_id = agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, agent#1, ... 22 more
-- :status = 'completed'
-- :triggered_by = 'manual'
-- :created_at = 2026-01-05 00:00:00Z, 2026-01-05 01:00:00Z, 2026-01-05 02:00:00Z, 2026-01-05 03:00:00Z, 2026-01-05 04:00:00Z, 2026-01-05 05:00:00Z, 2026-01-05 06:00:00Z, 2026-01-05 07:00:00Z, 2026-01-05 08:00:00Z, 2026-01-05 09:00:00Z, 2026-01-05 10:00:00Z, 2026-01-05 11:00:00Z, 2026-01-05 12:00:00Z, 2026-01-05 13:00:00Z, 2026-01-05 14:00:00Z, 2026-01-05 15:00:00Z, 2026-01-05 16:00:00Z, 2026-01-05 17:00:00Z, 2026-01-05 18:00:00Z, 2026-01-05 19:00:00Z, ... 22 more
-- :started_at = 2026-01-05 00:00:00Z, 2026-01-05 01:00:00Z, 2026-01-05 02:00:00Z, 2026-01-05 03:00:00Z, 2026-01-05 04:00:00Z, 2026-01-05 05:00:00Z, 2026-01-05 06:00:00Z, 2026-01-05 07:00:00Z, 2026-01-05 08:00:00Z, 2026-01-05 09:00:00Z, 2026-01-05 10:00:00Z, 2026-01-05 11:00:00Z, 2026-01-05 12:00:00Z, 2026-01-05 13:00:00Z, 2026-01-05 14:00:00Z, 2026-01-05 15:00:00Z, 2026-01-05 16:00:00Z, 2026-01-05 17:00:00Z, 2026-01-05 18:00:00Z, 2026-01-05 19:00:00Z, ... 22 more
-- :completed_at = 2026-01-05 00:00:00Z, 2026-01-05 01:00:00Z, 2026-01-05 02:00:00Z, 2026-01-05 03:00:00Z, 2026-01-05 04:00:00Z, 2026-01-05 05:00:00Z, 2026-01-05 06:00:00Z, 2026-01-05 07:00:00Z, 2026-01-05 08:00:00Z, 2026-01-05 09:00:00Z, 2026-01-05 10:00:00Z, 2026-01-05 11:00:00Z, 2026-01-05 12:00:00Z, 2026-01-05 13:00:00Z, 2026-01-05 14:00:00Z, 2026-01-05 15:00:00Z, 2026-01-05 16:00:00Z, 2026-01-05 17:00:00Z, 2026-01-05 18:00:00Z, 2026-01-05 19:00:00Z, ... 22 more

INSERT INTO supervision_session (id, workspace_id, agent_id, supervisor_id, trigger_context, status, intervention_count, started_at)
VALUES (:id::UUID, :workspace_id::UUID, :agent_id::UUID, :supervisor_id::UUID, :trigger_context::JSON, :status, :intervention_count::INTEGER, :started_at::TIMESTAMP WITH TIME ZONE);
-- 1 row
-- :id = supervision_session#s1
-- :workspace_id = workspace#s1
-- :agent_id = agent#1
-- :supervisor_id = user_account#s1
-- :trigger_context = {}
-- :status = 'running'
-- :intervention_count = 19
-- :started_at = 2026-01-05 00:00:00Z

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
-- 8 rows
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
-- :param_6 = 0
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'completed'
-- :coalesce_3 = 0
-- :workspace_id_2 = workspace#s1
-- :workspace_id_3 = workspace#s1
-- :status_2 = 'deleted'
-- :maturity_level_7 = ('student', 'intern', 'supervised')
-- :param_7 = 0
-- :param_8 = 1
-- :nullif_2 = 0
