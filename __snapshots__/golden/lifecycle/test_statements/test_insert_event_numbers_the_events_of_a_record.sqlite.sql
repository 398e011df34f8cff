INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id, :workspace_id, :record_kind, :record_id, (SELECT coalesce(max(lifecycle_event.sequence), :coalesce_1) + :coalesce_2 AS anon_1 FROM lifecycle_event WHERE lifecycle_event.record_kind = :record_kind_1 AND lifecycle_event.record_id = :record_id_1), :from_status, :to_status, :actor_id, :reason, :at, :actor_agent_id);
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
