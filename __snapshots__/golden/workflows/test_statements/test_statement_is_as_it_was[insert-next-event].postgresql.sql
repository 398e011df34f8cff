INSERT INTO lifecycle_event (id, sequence, at)
VALUES (:id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :of_kind::VARCHAR AND lifecycle_event.record_id = :of_id::UUID), :at::TIMESTAMP WITH TIME ZONE);
-- :id = NULL
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :at = NULL
