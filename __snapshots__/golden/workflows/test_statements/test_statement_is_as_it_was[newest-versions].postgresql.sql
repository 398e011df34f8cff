SELECT workflow.name,
       workflow_version.version,
       workflow_version.created_at,
       workflow.description
FROM workflow
JOIN workflow_version ON workflow_version.workflow_id = workflow.id
WHERE workflow.workspace_id = :workspace_id_1::UUID
  AND workflow_version.version = workflow.latest_version
ORDER BY workflow.name COLLATE "C",
                               workflow.id;
-- :workspace_id_1 = workspace#s1
