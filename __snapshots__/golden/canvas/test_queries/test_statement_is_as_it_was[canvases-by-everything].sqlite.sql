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
WHERE canvas.workspace_id = :workspace_id_1
  AND canvas.status = :status_1
  AND canvas.type = :type_1
  AND canvas.owner_id = :owner_id_1
ORDER BY canvas.updated_at DESC,
         canvas.id
LIMIT :param_1
OFFSET :param_2;
-- :workspace_id_1 = workspace#s1
-- :status_1 = 'open'
-- :type_1 = 'form'
-- :owner_id_1 = user_account#s1
-- :param_1 = 2
-- :param_2 = 0
