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
  AND breakpoint.workflow_id = :workflow_id_1::UUID
ORDER BY breakpoint.hit_count DESC,
         workflow.name COLLATE "C",
                               breakpoint.step_key COLLATE "C",
                                                           breakpoint.id
LIMIT :param_1::INTEGER;
-- 1 row
-- :nullif_1 = 0
-- :workspace_id_1 = workspace#1
-- :workspace_id_2 = workspace#1
-- :hit_count_1 = 0
-- :workflow_id_1 = workflow#2
-- :param_1 = 1
