SELECT stays.record_id,
       stays.status,
       stays.entered_at,
       CAST(((unixepoch(substr(:param_1, 1, 19)) * 1000000 + CAST(substr(:param_1, 21, 6) AS INTEGER)) - (unixepoch(substr(stays.entered_at, 1, 19)) * 1000000 + CAST(substr(stays.entered_at, 21, 6) AS INTEGER))) AS FLOAT) / (:param_2 + 0.0) AS seconds
FROM
  (SELECT lifecycle_event.record_kind AS record_kind,
          lifecycle_event.record_id AS record_id,
          lifecycle_event.sequence AS sequence,
          lifecycle_event.to_status AS status,
          lifecycle_event.at AS entered_at,
          lead(lifecycle_event.at) OVER (PARTITION BY lifecycle_event.record_kind, lifecycle_event.record_id
                                         ORDER BY lifecycle_event.sequence) AS left_at
   FROM lifecycle_event
   WHERE lifecycle_event.workspace_id = :workspace_id_1
     AND lifecycle_event.record_kind = :record_kind_1
     AND 1 = 1
     AND (lifecycle_event.from_status IS NULL
          OR lifecycle_event.from_status != lifecycle_event.to_status)) AS stays
WHERE stays.left_at IS NULL
  AND stays.status IN (... 2)
ORDER BY stays.entered_at,
         stays.record_id
LIMIT :param_3
OFFSET :param_4;
-- 3 rows
-- :param_1 = 2026-01-12 00:00:00Z
-- :param_2 = 1000000.0
-- :workspace_id_1 = workspace#1
-- :record_kind_1 = 'proposal'
-- :status_1 = ('pending', 'approved')
-- :param_3 = 100
-- :param_4 = 0
