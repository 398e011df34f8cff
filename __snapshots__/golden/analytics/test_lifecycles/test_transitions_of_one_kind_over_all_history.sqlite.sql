SELECT lifecycle_event.record_kind,
       lifecycle_event.from_status,
       lifecycle_event.to_status,
       count(*) AS transitions,
       CAST(count(*) AS FLOAT) / (CAST(nullif(sum(count(*)) OVER (PARTITION BY lifecycle_event.record_kind, lifecycle_event.from_status), :nullif_1) AS FLOAT) + 0.0) AS share
FROM lifecycle_event
WHERE lifecycle_event.workspace_id = :workspace_id_1
  AND lifecycle_event.record_kind = :record_kind_1
  AND 1 = 1
GROUP BY lifecycle_event.record_kind,
         lifecycle_event.from_status,
         lifecycle_event.to_status
ORDER BY lifecycle_event.record_kind,
         lifecycle_event.from_status ASC NULLS FIRST,
         lifecycle_event.to_status;
-- 7 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :record_kind_1 = 'agent.maturity'
