WITH RECURSIVE spans AS
  (SELECT workflow_step_execution.execution_id AS execution_id,
          workflow_execution.version_id AS version_id,
          workflow_step_execution.step_key AS step_key,
          min(workflow_step_execution.started_at) AS started_at,
          max(workflow_step_execution.completed_at) AS completed_at,
          max(workflow_step_execution.position) AS position
   FROM workflow_step_execution
   JOIN workflow_execution ON workflow_execution.id = workflow_step_execution.execution_id
   WHERE workflow_execution.workspace_id = :workspace_id_1::UUID
     AND workflow_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
     AND workflow_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
     AND workflow_step_execution.workspace_id = :workspace_id_2::UUID
     AND workflow_step_execution.role = :role_1
     AND workflow_step_execution.started_at IS NOT NULL
     AND workflow_step_execution.completed_at IS NOT NULL
     AND workflow_step_execution.status != :status_1
     AND workflow_step_execution.execution_id = :execution_id_1::UUID
   GROUP BY workflow_step_execution.execution_id,
            workflow_execution.version_id,
            workflow_step_execution.step_key),
               before_it AS
  (SELECT ranked.execution_id AS execution_id,
          ranked.step_key AS step_key,
          ranked.dependency AS dependency,
          ranked.completed_at AS completed_at,
          ranked.place AS place
   FROM
     (SELECT spans.execution_id AS execution_id,
             spans.step_key AS step_key,
             earlier.step_key AS dependency,
             earlier.completed_at AS completed_at,
             row_number() OVER (PARTITION BY spans.execution_id, spans.step_key
                                ORDER BY earlier.completed_at DESC, earlier.started_at DESC, earlier.position DESC) AS place
      FROM spans
      JOIN workflow_step ON workflow_step.version_id = spans.version_id
      AND workflow_step.key = spans.step_key
      JOIN json_array_elements_text(workflow_step.depends_on) AS needed ON :param_3
      JOIN spans AS earlier ON earlier.execution_id = spans.execution_id
      AND earlier.step_key = needed.value
      WHERE workflow_step.workspace_id = :workspace_id_3::UUID) AS ranked
   WHERE ranked.place = :place_2::INTEGER),
               path(execution_id, step_key, back) AS
  (SELECT last.execution_id AS execution_id,
          last.step_key AS step_key,
          :param_2::INTEGER AS back
   FROM
     (SELECT spans.execution_id AS execution_id,
             spans.step_key AS step_key,
             row_number() OVER (PARTITION BY spans.execution_id
                                ORDER BY spans.completed_at DESC, spans.started_at DESC, spans.position DESC) AS place
      FROM spans) AS last
   WHERE last.place = :place_1::INTEGER
   UNION ALL SELECT before_it.execution_id AS execution_id,
                    before_it.dependency AS dependency,
                    path.back + :back_1::INTEGER AS anon_1
   FROM before_it
   JOIN path ON path.execution_id = before_it.execution_id
   AND path.step_key = before_it.step_key)
SELECT path.execution_id,
       path.back,
       path.step_key,
       spans.started_at,
       spans.completed_at,
       CAST((CAST(date_part('epoch', spans.completed_at - coalesce(before_it.completed_at, spans.started_at)) * 1000000 AS BIGINT)) AS FLOAT(53)) / CAST(:param_1 AS FLOAT(53)) AS held_seconds
FROM path
JOIN spans ON spans.execution_id = path.execution_id
AND spans.step_key = path.step_key
LEFT OUTER JOIN before_it ON before_it.execution_id = path.execution_id
AND before_it.step_key = path.step_key
ORDER BY path.execution_id,
         path.back;
-- 4 rows
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
-- :workspace_id_2 = workspace#1
-- :role_1 = 'step'
-- :status_1 = 'skipped'
-- :execution_id_1 = workflow_execution#1
-- :param_3 = true
-- :workspace_id_3 = workspace#1
-- :place_2 = 1
-- :param_2 = 0
-- :place_1 = 1
-- :back_1 = 1
-- :param_1 = 1000000.0
