SELECT canvas.id,
       canvas.workspace_id,
       canvas.type,
       canvas.component,
       canvas.content,
       canvas.status,
       canvas.revision,
       canvas.owner_id,
       canvas.agent_id,
       canvas.workflow_execution_id,
       canvas.created_at,
       canvas.updated_at,
       canvas.closed_at
FROM canvas
WHERE canvas.workspace_id = :workspace_id_1::UUID
  AND canvas.id = :id_1::UUID
  FOR UPDATE;
-- :workspace_id_1 = workspace#s1
-- :id_1 = canvas#s1
