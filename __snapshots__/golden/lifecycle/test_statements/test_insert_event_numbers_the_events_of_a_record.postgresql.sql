INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id::UUID, :workspace_id::UUID, :record_kind::VARCHAR, :record_id::UUID, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1::INTEGER) + :coalesce_2::INTEGER AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1::VARCHAR AND lifecycle_event.record_id = :record_id_1::UUID), :from_status::VARCHAR, :to_status::VARCHAR, :actor_id::UUID, :reason::VARCHAR, :at::TIMESTAMP WITH TIME ZONE, :actor_agent_id::UUID);
-- :id = NULL
-- :workspace_id = workspace#s1
-- :record_kind = 'agent'
-- :record_id = record#s1
-- :coalesce_1 = 0
-- :coalesce_2 = 1
-- :record_kind_1 = 'agent'
-- :record_id_1 = record#s1
-- :from_status = 'active'
-- :to_status = 'paused'
-- :actor_id = user_account#s1
-- :reason = 'maintenance'
-- :at = 2026-03-02 09:00:00Z
-- :actor_agent_id = NULL
