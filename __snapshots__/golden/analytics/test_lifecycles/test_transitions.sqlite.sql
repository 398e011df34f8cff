SELECT lifecycle_event.record_kind,
       lifecycle_event.from_status,
       lifecycle_event.to_status,
       count(*) AS transitions,
       CAST(count(*) AS FLOAT) / (CAST(nullif(sum(count(*)) OVER (PARTITION BY lifecycle_event.record_kind, lifecycle_event.from_status), :nullif_1) AS FLOAT) + 0.0) AS share
FROM lifecycle_event
WHERE lifecycle_event.workspace_id = :workspace_id_1
  AND lifecycle_event.at >= :at_1
  AND lifecycle_event.at < :at_2
GROUP BY lifecycle_event.record_kind,
         lifecycle_event.from_status,
         lifecycle_event.to_status
ORDER BY lifecycle_event.record_kind,
         lifecycle_event.from_status ASC NULLS FIRST,
         lifecycle_event.to_status;
-- 20 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :at_1 = 2026-01-05 00:00:00Z
-- :at_2 = 2026-01-12 00:00:00Z
