WITH levels(member, position) AS (
                                  VALUES (:param_1::VARCHAR,
                                          :param_2::INTEGER), (... 3)),
     statuses(member, position) AS (
                                    VALUES (:param_9::VARCHAR,
                                            :param_10::INTEGER), (... 4))
SELECT levels.member AS maturity_level,
       statuses.member AS status,
       count(agent.id) AS agents
FROM levels
JOIN statuses ON true
LEFT OUTER JOIN agent ON agent.workspace_id = :workspace_id_1::UUID
AND agent.maturity_level = levels.member
AND agent.status = statuses.member
GROUP BY levels.position,
         levels.member,
         statuses.position,
         statuses.member
ORDER BY levels.position,
         statuses.position;
-- 20 rows
-- :param_1 = 'student'
-- :param_2 = 0
-- :param_3 = 'intern'
-- :param_4 = 1
-- :param_5 = 'supervised'
-- :param_6 = 2
-- :param_7 = 'autonomous'
-- :param_8 = 3
-- :param_9 = 'active'
-- :param_10 = 0
-- :param_11 = 'paused'
-- :param_12 = 1
-- :param_13 = 'stopped'
-- :param_14 = 2
-- :param_15 = 'deprecated'
-- :param_16 = 3
-- :param_17 = 'deleted'
-- :param_18 = 4
-- :workspace_id_1 = workspace#1
