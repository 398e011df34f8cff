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
WHERE lifecycle_event.workspace_id = :workspace_id_1::UUID
  AND lifecycle_event.actor_id = :actor_id_1::UUID
  AND lifecycle_event.at >= :at_1::TIMESTAMP WITH TIME ZONE
  AND lifecycle_event.at < :at_2::TIMESTAMP WITH TIME ZONE
ORDER BY lifecycle_event.at DESC,
         lifecycle_event.sequence DESC,
         lifecycle_event.record_kind COLLATE "C",
                                             lifecycle_event.id
LIMIT :param_1::INTEGER;
-- 4 rows
-- :workspace_id_1 = workspace#1
-- :actor_id_1 = user_account#3
-- :at_1 = 2026-02-01 00:00:00Z
-- :at_2 = 2026-02-02 00:00:00Z
-- :param_1 = 100
