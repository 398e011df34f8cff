SELECT stays.record_id,
       stays.status,
       stays.entered_at,
       CAST((CAST(date_part('epoch', :param_1::TIMESTAMP WITH TIME ZONE - stays.entered_at) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_2 AS FLOAT(53)) AS seconds
FROM
  (SELECT lifecycle_event.record_kind AS record_kind,
          lifecycle_event.record_id AS record_id,
          lifecycle_event.sequence AS sequence,
          lifecycle_event.to_status AS status,
          lifecycle_event.at AS entered_at,
          lead(lifecycle_event.at) OVER (PARTITION BY lifecycle_event.record_kind, lifecycle_event.record_id
                                         ORDER BY lifecycle_event.sequence) AS left_at
   FROM lifecycle_event
   WHERE lifecycle_event.workspace_id = :workspace_id_1::UUID
     AND lifecycle_event.record_kind = :record_kind_1::VARCHAR
     AND true
     AND (lifecycle_event.from_status IS NULL
          OR lifecycle_event.from_status != lifecycle_event.to_status)) AS stays
WHERE stays.left_at IS NULL
  AND stays.status IN (... 2::VARCHAR)
ORDER BY stays.entered_at,
         stays.record_id
LIMIT :param_3::INTEGER;
-- 3 rows
-- :param_1 = 2026-01-12 00:00:00Z
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :record_kind_1 = 'proposal'
-- :status_1 = ('pending', 'approved')
-- :param_3 = 100
