SELECT canvas_audit.sequence,
       canvas_audit.action,
       canvas_audit.at,
       CAST(((unixepoch(substr(canvas_audit.at, 1, 19)) * 1000000 + CAST(substr(canvas_audit.at, 21, 6) AS INTEGER)) - (unixepoch(substr(lag(canvas_audit.at) OVER (
                                                                                                                                                                    ORDER BY canvas_audit.sequence), 1, 19)) * 1000000 + CAST(substr(lag(canvas_audit.at) OVER (
                                                                                                                                                                                                                                                                ORDER BY canvas_audit.sequence), 21, 6) AS INTEGER))) AS FLOAT) / (:param_1 + 0.0) AS seconds_since,
       user_account.name AS user,
       agent.name AS agent,
       canvas_audit.step_key
FROM canvas_audit
LEFT OUTER JOIN user_account ON user_account.id = canvas_audit.user_id
LEFT OUTER JOIN agent ON agent.id = canvas_audit.agent_id
WHERE canvas_audit.workspace_id = :workspace_id_1
  AND canvas_audit.canvas_id = :canvas_id_1
ORDER BY canvas_audit.sequence;
-- 4 rows
-- :param_1 = 1000000.0
-- :workspace_id_1 = workspace#s1
-- :canvas_id_1 = canvas#s1
