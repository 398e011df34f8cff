-- step: a run of Friday ends on Saturday

UPDATE agent_execution
SET status=:status,
    completed_at=:completed_at::TIMESTAMP WITH TIME ZONE
WHERE agent_execution.id = :id_1::UUID;
-- 1 row
-- :status = 'completed'
-- :completed_at = 2026-01-10 12:00:00Z
-- :id_1 = agent_execution#14
