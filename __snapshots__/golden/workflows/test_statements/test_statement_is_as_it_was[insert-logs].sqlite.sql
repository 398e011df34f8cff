INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
VALUES (:id, :workspace_id, :execution_id, :sequence, :level, :event, :message, :step_key, :context, :timestamp);
