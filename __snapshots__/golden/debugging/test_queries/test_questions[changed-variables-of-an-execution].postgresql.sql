SELECT debug_variable.id,
       debug_variable.workspace_id,
       debug_variable.session_id,
       debug_variable.execution_id,
       debug_variable.sequence,
       debug_variable.name,
       debug_variable.was_set,
       debug_variable.old_value,
       debug_variable.new_value,
       debug_variable.step_key,
       debug_variable.changed_by,
       debug_variable.changed_at
FROM debug_variable
WHERE debug_variable.workspace_id = :workspace_id_1::UUID
  AND debug_variable.execution_id = :execution_id_1::UUID
ORDER BY debug_variable.changed_at,
         debug_variable.sequence;
-- 2 rows
-- :workspace_id_1 = workspace#1
-- :execution_id_1 = workflow_execution#1
