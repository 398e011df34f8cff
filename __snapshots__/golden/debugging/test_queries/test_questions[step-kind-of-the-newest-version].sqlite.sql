SELECT workflow_step.kind
FROM workflow_step
JOIN workflow_version ON workflow_version.id = workflow_step.version_id
JOIN workflow ON workflow.id = workflow_version.workflow_id
WHERE workflow.workspace_id = :workspace_id_1
  AND workflow.id = :id_1
  AND workflow_version.version = workflow.latest_version
  AND workflow_step."key" = :key_1;
-- 1 row
-- :workspace_id_1 = workspace#s1
-- :id_1 = workflow#s1
-- :key_1 = 'call'
