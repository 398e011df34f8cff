SELECT canvas_audit.id,
       canvas_audit.workspace_id,
       canvas_audit.canvas_id,
       canvas_audit.sequence,
       canvas_audit.action,
       canvas_audit.content,
       canvas_audit.user_id,
       canvas_audit.agent_id,
       canvas_audit.workflow_execution_id,
       canvas_audit.step_key,
       canvas_audit.at
FROM canvas_audit
WHERE canvas_audit.workspace_id = :workspace_id_1
  AND canvas_audit.canvas_id = :canvas_id_1
  AND canvas_audit.action = :action_1
ORDER BY canvas_audit.sequence;
-- :workspace_id_1 = workspace#s1
-- :canvas_id_1 = canvas#s1
-- :action_1 = 'submit'
