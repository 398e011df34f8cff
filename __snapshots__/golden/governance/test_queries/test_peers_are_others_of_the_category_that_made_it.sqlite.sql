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
-- x 2: 3 rows each
-- :sum_1 = 3600.0
-- :workspace_id_1 = workspace#1
-- :status_1 = 'completed'
-- :category_1 = 'finance'
-- :maturity_level_1 = 'student'
-- :id_1 = agent#1
-- :param_1 = 5
-- :param_2 = 0
