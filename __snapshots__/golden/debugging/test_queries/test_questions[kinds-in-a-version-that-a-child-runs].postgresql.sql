WITH RECURSIVE debugged(id, workflow_id, version_id) AS
  (SELECT workflow_execution.id AS id,
          workflow_execution.workflow_id AS workflow_id,
          workflow_execution.version_id AS version_id
   FROM workflow_execution
   JOIN debug_session ON debug_session.execution_id = workflow_execution.id
   WHERE debug_session.workspace_id = :workspace_id_2::UUID
     AND debug_session.status IN (... 2)
   UNION SELECT workflow_execution_1.id AS id,
                workflow_execution_1.workflow_id AS workflow_id,
                workflow_execution_1.version_id AS version_id
   FROM workflow_execution AS workflow_execution_1
   JOIN debugged ON workflow_execution_1.parent_execution_id = debugged.id)
SELECT DISTINCT workflow_step.kind
FROM workflow_step
JOIN workflow_version ON workflow_version.id = workflow_step.version_id
JOIN workflow ON workflow.id = workflow_version.workflow_id
WHERE workflow.workspace_id = :workspace_id_1::UUID
  AND workflow.id = :id_1::UUID
  AND workflow_step.key = :key_1::VARCHAR
  AND (workflow_version.version = workflow.latest_version
       OR workflow_version.id IN
         (SELECT debugged.version_id
          FROM debugged
          WHERE debugged.workflow_id = :workflow_id_1::UUID))
ORDER BY workflow_step.kind;
-- 1 row
-- :workspace_id_2 = workspace#1
-- :status_1 = ('active', 'paused')
-- :workspace_id_1 = workspace#1
-- :id_1 = workflow#2
-- :key_1 = 'older'
-- :workflow_id_1 = workflow#2
