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
ORDER BY canvas.updated_at DESC,
         canvas.id
LIMIT :param_1::INTEGER;
-- :workspace_id_1 = workspace#s1
-- :param_1 = 50
