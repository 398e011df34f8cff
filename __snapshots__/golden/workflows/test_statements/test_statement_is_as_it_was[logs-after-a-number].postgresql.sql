SELECT workflow_execution_log.id,
       workflow_execution_log.workspace_id,
       workflow_execution_log.execution_id,
       workflow_execution_log.sequence,
       workflow_execution_log.level,
       workflow_execution_log.event,
       workflow_execution_log.message,
       workflow_execution_log.step_key,
       workflow_execution_log.context,
       workflow_execution_log.timestamp
FROM workflow_execution_log
WHERE workflow_execution_log.workspace_id = :workspace_id_1::UUID
  AND workflow_execution_log.execution_id = :execution_id_1::UUID
  AND workflow_execution_log.sequence > :sequence_1::INTEGER
ORDER BY workflow_execution_log.sequence;
-- :workspace_id_1 = workspace#s1
-- :execution_id_1 = workflow_execution#s1
-- :sequence_1 = 7
