SELECT count(*) AS count_1
FROM execution_day_level
WHERE execution_day_level.day >= :day_1
  AND execution_day_level.peak > :peak_1;
-- 1 row
-- :day_1 = 2026-01-05 00:00:00Z
-- :peak_1 = 0

-- step: a run of Friday ends on Saturday

UPDATE agent_execution
SET status=:status,
    completed_at=:completed_at
WHERE agent_execution.id = :id_1;
-- 1 row
-- :status = 'completed'
-- :completed_at = 2026-01-10 12:00:00Z
-- :id_1 = agent_execution#1
