SELECT workflow_execution_log.step_key,
       workflow_execution_log.context
FROM workflow_execution_log
WHERE workflow_execution_log.execution_id = :execution_id_1
  AND workflow_execution_log.timestamp = :timestamp_1
  AND workflow_execution_log.event = :event_1
ORDER BY workflow_execution_log.sequence DESC;
-- :execution_id_1 = workflow_execution#s1
-- :timestamp_1 = 2026-03-02 09:00:00Z
-- :event_1 = 'step_completed'
