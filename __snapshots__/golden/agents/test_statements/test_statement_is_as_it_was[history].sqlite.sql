SELECT lifecycle_event.id,
       lifecycle_event.workspace_id,
       lifecycle_event.record_kind,
       lifecycle_event.record_id,
       lifecycle_event.sequence,
       lifecycle_event.from_status,
       lifecycle_event.to_status,
       lifecycle_event.actor_id,
       lifecycle_event.reason,
       lifecycle_event.at,
       lifecycle_event.actor_agent_id
FROM lifecycle_event
WHERE lifecycle_event.workspace_id = :workspace_id_1
  AND lifecycle_event.record_kind = :record_kind_1
  AND lifecycle_event.record_id = :record_id_1
ORDER BY lifecycle_event.sequence;
-- :workspace_id_1 = workspace#s1
-- :record_kind_1 = 'agent_execution'
-- :record_id_1 = record#s1
