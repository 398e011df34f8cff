SELECT supervision_session.id,
       supervision_session.workspace_id,
       supervision_session.agent_id,
       supervision_session.trigger_id,
       supervision_session.supervisor_id,
       supervision_session.trigger_context,
       supervision_session.status,
       supervision_session.intervention_count,
       supervision_session.rating,
       supervision_session.feedback,
       supervision_session.confidence_boost,
       supervision_session.started_at,
       supervision_session.completed_at,
       supervision_session.duration_seconds,
       supervision_session.execution_id
FROM supervision_session
WHERE supervision_session.workspace_id = :workspace_id_1
  AND supervision_session.agent_id = :agent_id_1
  AND supervision_session.supervisor_id = :supervisor_id_1
  AND supervision_session.status = :status_1
  AND supervision_session.started_at >= :started_at_1
  AND supervision_session.started_at < :started_at_2
ORDER BY supervision_session.started_at DESC,
         supervision_session.id
LIMIT :param_1
OFFSET :param_2;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#3
-- :supervisor_id_1 = user_account#3
-- :status_1 = 'completed'
-- :started_at_1 = 2026-02-01 00:00:00Z
-- :started_at_2 = 2026-02-02 00:00:00Z
-- :param_1 = 50
-- :param_2 = 0
