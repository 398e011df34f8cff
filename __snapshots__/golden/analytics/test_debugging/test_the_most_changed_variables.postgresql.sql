SELECT debug_variable.name,
       count(*) AS changes,
       count(DISTINCT debug_variable.session_id) AS sessions,
       count(DISTINCT debug_variable.changed_by) AS people,
       count(*) FILTER (
                        WHERE debug_variable.was_set IS false) AS first_settings,
       max(debug_variable.changed_at) AS last_at
FROM debug_variable
WHERE debug_variable.workspace_id = :workspace_id_1::UUID
  AND debug_variable.changed_at >= :changed_at_1::TIMESTAMP WITH TIME ZONE
  AND debug_variable.changed_at < :changed_at_2::TIMESTAMP WITH TIME ZONE
GROUP BY debug_variable.name
ORDER BY count(*) DESC, debug_variable.name COLLATE "C"
LIMIT :param_1::INTEGER;
-- 3 rows
-- :workspace_id_1 = workspace#1
-- :changed_at_1 = 2026-01-05 00:00:00Z
-- :changed_at_2 = 2026-01-12 00:00:00Z
-- :param_1 = 10
