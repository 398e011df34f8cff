SELECT workflow_execution.id,
       workflow_execution.parent_execution_id,
       workflow_execution.depth,
       workflow_execution.status,
       workflow_execution.variables,
       workflow_execution.input_data,
       workflow_execution.user_id,
       workflow_execution.agent_id,
       workflow.name AS workflow,
       workflow_version.version,
       workflow_step_execution.step_key AS called_by
FROM workflow_execution
JOIN workflow ON workflow.id = workflow_execution.workflow_id
JOIN workflow_version ON workflow_version.id = workflow_execution.version_id
LEFT OUTER JOIN workflow_step_execution ON workflow_step_execution.child_execution_id = workflow_execution.id
WHERE workflow_execution.workspace_id = :workspace_id_1
  AND workflow_execution.id = :id_1;
-- 1 row
-- :workspace_id_1 = workspace#1
-- :id_1 = workflow_execution#1
