SELECT training_session.id,
       training_session.workspace_id,
       training_session.proposal_id,
       training_session.agent_id,
       training_session.supervisor_id,
       training_session.status,
       training_session.tasks_completed,
       training_session.tasks_total,
       training_session.errors_count,
       training_session.performance_score,
       training_session.confidence_boost,
       training_session.promoted,
       training_session.capabilities_developed,
       training_session.capability_gaps_remaining,
       training_session.supervisor_feedback,
       training_session.planned_hours,
       training_session.hours_per_day,
       training_session.created_at,
       training_session.scheduled_at,
       training_session.scheduled_end_at,
       training_session.started_at,
       training_session.completed_at,
       training_session.duration_seconds
FROM training_session
WHERE training_session.workspace_id = :workspace_id_1::UUID
  AND training_session.agent_id = :agent_id_1::UUID
  AND training_session.status = :status_1
  AND training_session.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
  AND training_session.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
ORDER BY training_session.created_at DESC,
         training_session.id
LIMIT :param_1::INTEGER;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#3
-- :status_1 = 'completed'
-- :created_at_1 = 2026-01-10 00:00:00Z
-- :created_at_2 = 2026-01-11 00:00:00Z
-- :param_1 = 50
