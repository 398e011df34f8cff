INSERT INTO lifecycle_event (id, sequence, at)
VALUES (:id, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1) + :coalesce_2 AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind AND lifecycle_event.record_id = :of_id), :at);
-- :id = NULL
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :at = NULL
