SELECT agent.id,
       agent.workspace_id,
       agent.name,
       agent.description,
       agent.category,
       agent.module_path,
       agent.class_name,
       agent.maturity_level,
       agent.status,
       agent.confidence_score,
       agent.capabilities,
       agent.owner_id,
       agent.created_at,
       agent.updated_at
FROM agent
WHERE agent.workspace_id = :workspace_id_1
  AND agent.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = agent#1

-- step: estimate

SELECT training_session.agent_id,
       sum(training_session.duration_seconds) / (:sum_1 + 0.0) AS hours
FROM training_session
JOIN agent ON agent.id = training_session.agent_id
WHERE training_session.workspace_id = :workspace_id_1
  AND training_session.status = :status_1
  AND training_session.duration_seconds IS NOT NULL
  AND agent.category = :category_1
  AND agent.maturity_level != :maturity_level_1
  AND agent.id != :id_1
GROUP BY training_session.agent_id
ORDER BY max(training_session.completed_at) DESC, training_session.agent_id
LIMIT :param_1
OFFSET :param_2;
-- 3 rows
-- :sum_1 = 3600.0
-- :workspace_id_1 = workspace#1
-- :status_1 = 'completed'
-- :category_1 = 'finance'
-- :maturity_level_1 = 'student'
-- :id_1 = agent#1
-- :param_1 = 5
-- :param_2 = 0

SELECT training_session.performance_score
FROM training_session
WHERE training_session.workspace_id = :workspace_id_1
  AND training_session.agent_id = :agent_id_1
  AND training_session.status = :status_1
  AND training_session.performance_score IS NOT NULL
ORDER BY training_session.completed_at,
         training_session.id;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#1
-- :status_1 = 'completed'
