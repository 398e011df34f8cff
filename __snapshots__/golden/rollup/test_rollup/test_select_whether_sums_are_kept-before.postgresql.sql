SELECT EXISTS
  (SELECT *
   FROM execution_day_built
   WHERE execution_day_built.workspace_id = :workspace_id_1::UUID) AS kept;
-- 1 row
-- :workspace_id_1 = workspace#1
