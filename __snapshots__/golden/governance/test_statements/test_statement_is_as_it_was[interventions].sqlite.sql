SELECT intervention.id,
       intervention.workspace_id,
       intervention.session_id,
       intervention.sequence,
       intervention.intervention_type,
       intervention.guidance,
       intervention.supervisor_id,
       intervention.at
FROM intervention
WHERE intervention.workspace_id = :workspace_id_1
  AND intervention.session_id = :session_id_1
ORDER BY intervention.sequence;
-- :workspace_id_1 = workspace#s1
-- :session_id_1 = supervision_session#s1
