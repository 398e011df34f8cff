INSERT INTO breakpoint (id, workspace_id, workflow_id, step_key, hit_count, enabled, created_at)
VALUES (:id::UUID, :workspace_id::UUID, :workflow_id::UUID, :step_key::VARCHAR, :hit_count::INTEGER, :enabled, :created_at::TIMESTAMP WITH TIME ZONE);
-- x 4: 4 rows
-- :id = breakpoint#4, breakpoint#3, breakpoint#2, breakpoint#1
-- :workspace_id = workspace#s1
-- :workflow_id = workflow#s1
-- :step_key = 'a', 'b', 'c', 'a'
-- :hit_count = 2
-- :enabled = true
-- :created_at = 2026-01-05 00:00:00Z

SELECT breakpoint.id AS breakpoint_id,
       workflow.name AS workflow,
       breakpoint.step_key,
       breakpoint.enabled,
       breakpoint.hit_count AS hits,
       CAST(breakpoint.hit_count AS FLOAT(53)) / CAST(CAST(nullif(sum(breakpoint.hit_count) OVER (), :nullif_1::INTEGER) AS FLOAT(53)) AS FLOAT(53)) AS share,
       breakpoint.last_hit_at
FROM breakpoint
JOIN workflow ON workflow.id = breakpoint.workflow_id
AND workflow.workspace_id = :workspace_id_1::UUID
WHERE breakpoint.workspace_id = :workspace_id_2::UUID
  AND breakpoint.hit_count > :hit_count_1::INTEGER
ORDER BY breakpoint.hit_count DESC,
         workflow.name COLLATE "C",
                               breakpoint.step_key COLLATE "C",
                                                           breakpoint.id
LIMIT :param_1::INTEGER;
-- 4 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :workspace_id_2 = workspace#s1
-- :hit_count_1 = 0
-- :param_1 = 9
