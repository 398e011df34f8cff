-- step: refresh

BEGIN;

  CREATE TRIGGER IF NOT EXISTS agent_execution_notes_day_insert_NEW AFTER
  INSERT ON agent_execution BEGIN
  INSERT INTO execution_day_change (id, workspace_id, day)
  SELECT lower(hex(randomblob(16))),
         NEW.workspace_id,
         substr(NEW.created_at, 1, 10) || ' 00:00:00.000000'
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_day_change AS noted
       WHERE noted.workspace_id = NEW.workspace_id
         AND noted.day = substr(NEW.created_at, 1, 10) || ' 00:00:00.000000'); END;
  -- 0 rows

  CREATE TRIGGER IF NOT EXISTS agent_execution_notes_day_delete_OLD AFTER
  DELETE ON agent_execution BEGIN
  INSERT INTO execution_day_change (id, workspace_id, day)
  SELECT lower(hex(randomblob(16))),
         OLD.workspace_id,
         substr(OLD.created_at, 1, 10) || ' 00:00:00.000000'
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_day_change AS noted
       WHERE noted.workspace_id = OLD.workspace_id
         AND noted.day = substr(OLD.created_at, 1, 10) || ' 00:00:00.000000'); END;
  -- 0 rows

  CREATE TRIGGER IF NOT EXISTS agent_execution_notes_day_update_NEW AFTER
  UPDATE OF workspace_id,
            agent_id,
            status,
            created_at,
            duration_seconds ON agent_execution BEGIN
  INSERT INTO execution_day_change (id, workspace_id, day)
  SELECT lower(hex(randomblob(16))),
         NEW.workspace_id,
         substr(NEW.created_at, 1, 10) || ' 00:00:00.000000'
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_day_change AS noted
       WHERE noted.workspace_id = NEW.workspace_id
         AND noted.day = substr(NEW.created_at, 1, 10) || ' 00:00:00.000000'); END;
  -- 0 rows

  CREATE TRIGGER IF NOT EXISTS agent_execution_notes_day_update_OLD AFTER
  UPDATE OF workspace_id,
            agent_id,
            status,
            created_at,
            duration_seconds ON agent_execution BEGIN
  INSERT INTO execution_day_change (id, workspace_id, day)
  SELECT lower(hex(randomblob(16))),
         OLD.workspace_id,
         substr(OLD.created_at, 1, 10) || ' 00:00:00.000000'
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_day_change AS noted
       WHERE noted.workspace_id = OLD.workspace_id
         AND noted.day = substr(OLD.created_at, 1, 10) || ' 00:00:00.000000'); END;
  -- 0 rows

  SELECT min(agent_execution.created_at) AS min_1
  FROM agent_execution
  WHERE agent_execution.workspace_id = :workspace_id_1;
  -- 1 row
  -- :workspace_id_1 = workspace#1

  SELECT execution_day_built.day
  FROM execution_day_built
  WHERE execution_day_built.workspace_id = :workspace_id_1
    AND (execution_day_built.day NOT IN
           (SELECT execution_day_change.day
            FROM execution_day_change
            WHERE execution_day_change.workspace_id = :workspace_id_2));
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :workspace_id_2 = workspace#1

  SELECT DISTINCT execution_day_change.day
  FROM execution_day_change
  WHERE execution_day_change.workspace_id = :workspace_id_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1

COMMIT;

BEGIN;

  DELETE FROM execution_day_change
  WHERE execution_day_change.workspace_id = :workspace_id_1
    AND execution_day_change.day = :day_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z

  DELETE FROM execution_day
  WHERE execution_day.workspace_id = :workspace_id_1
    AND execution_day.day = :day_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z

  DELETE FROM execution_day_built
  WHERE execution_day_built.workspace_id = :workspace_id_1
    AND execution_day_built.day = :day_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z

  INSERT INTO execution_day (workspace_id, day, agent_id, status, runs, timed, seconds)
  SELECT agent_execution.workspace_id,
         :param_1 AS anon_1,
         agent_execution.agent_id,
         agent_execution.status,
         count(*) AS count_1,
         count(agent_execution.duration_seconds) AS count_2,
         coalesce(sum(agent_execution.duration_seconds), :param_2) AS coalesce_1
  FROM agent_execution
  WHERE agent_execution.workspace_id = :workspace_id_1
    AND agent_execution.created_at >= :created_at_1
    AND agent_execution.created_at < :created_at_2
  GROUP BY agent_execution.workspace_id,
           agent_execution.agent_id,
           agent_execution.status;
  -- 1 row
  -- :param_1 = 2026-01-04 00:00:00Z
  -- :param_2 = 0
  -- :workspace_id_1 = workspace#1
  -- :created_at_1 = 2026-01-04 00:00:00Z
  -- :created_at_2 = 2026-01-05 00:00:00Z

  INSERT INTO execution_day_built (workspace_id, day, built_at)
  VALUES (:workspace_id, :day, :built_at);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-04 00:00:00Z
  -- :built_at = 2026-03-02 09:00:01Z

COMMIT;

BEGIN;

  DELETE FROM execution_day_change
  WHERE execution_day_change.workspace_id = :workspace_id_1
    AND execution_day_change.day = :day_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-05 00:00:00Z

  DELETE FROM execution_day
  WHERE execution_day.workspace_id = :workspace_id_1
    AND execution_day.day = :day_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-05 00:00:00Z

  DELETE FROM execution_day_built
  WHERE execution_day_built.workspace_id = :workspace_id_1
    AND execution_day_built.day = :day_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-05 00:00:00Z

  INSERT INTO execution_day (workspace_id, day, agent_id, status, runs, timed, seconds)
  SELECT agent_execution.workspace_id,
         :param_1 AS anon_1,
         agent_execution.agent_id,
         agent_execution.status,
         count(*) AS count_1,
         count(agent_execution.duration_seconds) AS count_2,
         coalesce(sum(agent_execution.duration_seconds), :param_2) AS coalesce_1
  FROM agent_execution
  WHERE agent_execution.workspace_id = :workspace_id_1
    AND agent_execution.created_at >= :created_at_1
    AND agent_execution.created_at < :created_at_2
  GROUP BY agent_execution.workspace_id,
           agent_execution.agent_id,
           agent_execution.status;
  -- 4 rows
  -- :param_1 = 2026-01-05 00:00:00Z
  -- :param_2 = 0
  -- :workspace_id_1 = workspace#1
  -- :created_at_1 = 2026-01-05 00:00:00Z
  -- :created_at_2 = 2026-01-06 00:00:00Z

  INSERT INTO execution_day_built (workspace_id, day, built_at)
  VALUES (:workspace_id, :day, :built_at);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-05 00:00:00Z
  -- :built_at = 2026-03-02 09:00:02Z

COMMIT;
