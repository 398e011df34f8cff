SELECT intervention.guidance
FROM intervention
JOIN supervision_session ON supervision_session.id = intervention.session_id
WHERE intervention.workspace_id = :workspace_id_1::UUID
  AND supervision_session.execution_id = :execution_id_1::UUID
ORDER BY supervision_session.started_at,
         intervention.session_id,
         intervention.sequence;
-- :workspace_id_1 = workspace#s1
-- :execution_id_1 = agent_execution#s1
