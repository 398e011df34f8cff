INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, actor_id, reason, at, actor_agent_id)
VALUES (:id, :workspace_id, :record_kind, :record_id, :sequence, :from_status, :to_status, :actor_id, :reason, :at, :actor_agent_id);
