INSERT INTO breakpoint (id, workspace_id, workflow_id, step_key, hit_count, enabled, created_at)
VALUES (:id, :workspace_id, :workflow_id, :step_key, :hit_count, :enabled, :created_at);
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
       CAST(breakpoint.hit_count AS FLOAT) / (CAST(nullif(sum(breakpoint.hit_count) OVER (), :nullif_1) AS FLOAT) + 0.0) AS share,
       breakpoint.last_hit_at
FROM breakpoint
JOIN workflow ON workflow.id = breakpoint.workflow_id
WHERE breakpoint.workspace_id = :workspace_id_1
  AND breakpoint.hit_count > :hit_count_1
ORDER BY breakpoint.hit_count DESC,
         workflow.name,
         breakpoint.step_key,
         breakpoint.id
LIMIT :param_1
OFFSET :param_2;
-- 4 rows
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#s1
-- :hit_count_1 = 0
-- :param_1 = 9
-- :param_2 = 0
