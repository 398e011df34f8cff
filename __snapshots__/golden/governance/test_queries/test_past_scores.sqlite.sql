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
