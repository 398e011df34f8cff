-- step: without a limit

UPDATE breakpoint
SET hit_count=(breakpoint.hit_count + :hit_count_1::INTEGER),
    last_hit_at=:last_hit_at::TIMESTAMP WITH TIME ZONE
WHERE breakpoint.id = :id_1::UUID
  AND (breakpoint.hit_limit IS NULL
       OR breakpoint.hit_count < breakpoint.hit_limit);
-- 1 row
-- :hit_count_1 = 1
-- :last_hit_at = 2026-03-02 09:00:00Z
-- :id_1 = breakpoint#1

-- step: the last of three

UPDATE breakpoint
SET hit_count=(breakpoint.hit_count + :hit_count_1::INTEGER),
    last_hit_at=:last_hit_at::TIMESTAMP WITH TIME ZONE
WHERE breakpoint.id = :id_1::UUID
  AND (breakpoint.hit_limit IS NULL
       OR breakpoint.hit_count < breakpoint.hit_limit);
-- 1 row
-- :hit_count_1 = 1
-- :last_hit_at = 2026-03-02 09:00:00Z
-- :id_1 = breakpoint#2

-- step: one too many

UPDATE breakpoint
SET hit_count=(breakpoint.hit_count + :hit_count_1::INTEGER),
    last_hit_at=:last_hit_at::TIMESTAMP WITH TIME ZONE
WHERE breakpoint.id = :id_1::UUID
  AND (breakpoint.hit_limit IS NULL
       OR breakpoint.hit_count < breakpoint.hit_limit);
-- 0 rows
-- :hit_count_1 = 1
-- :last_hit_at = 2026-03-02 09:00:00Z
-- :id_1 = breakpoint#2
