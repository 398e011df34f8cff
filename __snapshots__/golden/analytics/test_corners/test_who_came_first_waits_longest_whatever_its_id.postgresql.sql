INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, to_status, at)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, :sequence::INTEGER, :to_status::VARCHAR, :at::TIMESTAMP WITH TIME ZONE);
-- x 3: 1 row each
-- :id = lifecycle_event#s1, lifecycle_event#s2, lifecycle_event#s3
-- :workspace_id = record#1
-- :record_kind = 'proposal'
-- :record_id = record#1, record#2, record#3
-- :sequence = 1
-- :to_status = 'pending'
-- :at = 2026-01-05 05:00:00Z, 2026-01-05 03:00:00Z, 2026-01-05 05:00:00Z

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
  AND stays.status IN (... 1::VARCHAR)
ORDER BY stays.entered_at,
         stays.record_id
LIMIT :param_3::INTEGER;
-- 3 rows
-- :param_1 = 2026-01-12 00:00:00Z
-- :param_2 = 1000000
-- :workspace_id_1 = record#1
-- :record_kind_1 = 'proposal'
-- :status_1 = ('pending')
-- :param_3 = 100
