SELECT canvas_audit.sequence,
       canvas_audit.action,
       canvas_audit.at,
       CAST((CAST(date_part('epoch', canvas_audit.at - lag(canvas_audit.at) OVER (
                                                                                  ORDER BY canvas_audit.sequence)) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_1 AS FLOAT(53)) AS seconds_since,
       user_account.name AS "user",
       agent.name AS agent,
       canvas_audit.step_key
FROM canvas_audit
LEFT OUTER JOIN user_account ON user_account.id = canvas_audit.user_id
LEFT OUTER JOIN agent ON agent.id = canvas_audit.agent_id
AND agent.workspace_id = :workspace_id_1::UUID
WHERE canvas_audit.workspace_id = :workspace_id_2::UUID
  AND canvas_audit.canvas_id = :canvas_id_1::UUID
ORDER BY canvas_audit.sequence;
-- 4 rows
-- :param_1 = 1000000.0
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :canvas_id_1 = canvas#s1
