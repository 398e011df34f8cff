SELECT workflow_execution_log.event,
       workflow_execution_log.step_key,
       workflow_execution_log.message,
       workflow_execution_log.context,
       workflow_execution_log.timestamp
FROM workflow_execution_log
WHERE workflow_execution_log.workspace_id = :workspace_id_1::UUID
  AND workflow_execution_log.execution_id = :execution_id_1::UUID
  AND workflow_execution_log.event IN (... 6::VARCHAR)
ORDER BY workflow_execution_log.sequence;
-- 3 rows
-- :workspace_id_1 = workspace#1
-- :execution_id_1 = workflow_execution#1
-- :event_1 = ('execution_started', 'execution_replayed', 'execution_resumed', 'step_started', 'step_completed', 'step_skipped')
