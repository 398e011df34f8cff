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
  AND breakpoint.workflow_id = :workflow_id_1
ORDER BY breakpoint.hit_count DESC,
         workflow.name,
         breakpoint.step_key,
         breakpoint.id
LIMIT :param_1
OFFSET :param_2;
-- 1 row
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :hit_count_1 = 0
-- :workflow_id_1 = workflow#2
-- :param_1 = 1
-- :param_2 = 0
