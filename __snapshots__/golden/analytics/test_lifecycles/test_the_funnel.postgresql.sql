WITH made AS
  (SELECT lifecycle_event.record_id AS record_id
   FROM lifecycle_event
   WHERE lifecycle_event.workspace_id = :workspace_id_1::UUID
     AND lifecycle_event.record_kind = :record_kind_1::VARCHAR
     AND lifecycle_event.at >= :at_1::TIMESTAMP WITH TIME ZONE
     AND lifecycle_event.at < :at_2::TIMESTAMP WITH TIME ZONE
     AND lifecycle_event.from_status IS NULL)
SELECT lifecycle_event.to_status AS status,
       count(DISTINCT lifecycle_event.record_id) AS records,
       CAST(count(DISTINCT lifecycle_event.record_id) AS FLOAT(53)) / CAST(CAST(nullif(
                                                                                         (SELECT count(*) AS count_1
                                                                                          FROM made), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share
FROM lifecycle_event
JOIN made ON made.record_id = lifecycle_event.record_id
WHERE lifecycle_event.workspace_id = :workspace_id_2::UUID
  AND lifecycle_event.record_kind = :record_kind_2::VARCHAR
  AND true
GROUP BY lifecycle_event.to_status
ORDER BY count(DISTINCT lifecycle_event.record_id) DESC, lifecycle_event.to_status COLLATE "C";
-- 5 rows
-- :workspace_id_1 = workspace#1
-- :record_kind_1 = 'proposal'
-- :at_1 = 2026-01-05 00:00:00Z
-- :at_2 = 2026-01-12 00:00:00Z
-- :nullif_1 = 0
-- :workspace_id_2 = workspace#1
-- :record_kind_2 = 'proposal'
