INSERT INTO workflow_execution_log (id, workspace_id, execution_id, sequence, level, event, message, step_key, context, timestamp)
VALUES (:id::UUID, :workspace_id::UUID, :execution_id::UUID, :sequence::INTEGER, :level, :event::VARCHAR, :message::VARCHAR, :step_key::VARCHAR, :context::JSON, :timestamp::TIMESTAMP WITH TIME ZONE);
