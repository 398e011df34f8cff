-- step: refresh

BEGIN;

  SELECT count(*)
  FROM pg_trigger
  WHERE tgrelid = 'agent_execution'::regclass
    AND tgname LIKE :name;
  -- 1 row
  -- :name = 'agent_execution_notes_day%'

CREATE OR REPLACE FUNCTION agent_execution_notes_day() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM execution_day_built;
        RETURN NULL;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (SELECT DISTINCT workspace_id,
            date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day FROM after) AS days;
    END IF;
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (SELECT DISTINCT workspace_id,
            date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day FROM before) AS days;
    END IF;
    RETURN NULL;
END $$;

  CREATE OR REPLACE TRIGGER agent_execution_notes_day_insert AFTER
  INSERT ON agent_execution REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes_day();

  CREATE OR REPLACE TRIGGER agent_execution_notes_day_delete AFTER
  DELETE ON agent_execution REFERENCING OLD TABLE AS
  before
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes_day();

  CREATE OR REPLACE TRIGGER agent_execution_notes_day_update AFTER
  UPDATE ON agent_execution REFERENCING OLD TABLE AS
  before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes_day();

  CREATE OR REPLACE TRIGGER agent_execution_notes_day_truncate AFTER
  TRUNCATE ON agent_execution
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes_day();

  SELECT min(agent_execution.created_at) AS min_1
  FROM agent_execution
  WHERE agent_execution.workspace_id = :workspace_id_1::UUID;
  -- 1 row
  -- :workspace_id_1 = workspace#1

  SELECT execution_day_built.day
  FROM execution_day_built
  WHERE execution_day_built.workspace_id = :workspace_id_1::UUID
    AND (execution_day_built.day NOT IN
           (SELECT execution_day_change.day
            FROM execution_day_change
            WHERE execution_day_change.workspace_id = :workspace_id_2::UUID));
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :workspace_id_2 = workspace#1

  SELECT DISTINCT execution_day_change.day
  FROM execution_day_change
  WHERE execution_day_change.workspace_id = :workspace_id_1::UUID;
  -- 0 rows
  -- :workspace_id_1 = workspace#1

COMMIT;

BEGIN;

  SELECT pg_advisory_xact_lock(hashtextextended(:key, 0));
  -- 1 row
  -- :key = 'execution_day workspace#1 2026-01-04'

  DELETE FROM execution_day_change
  WHERE execution_day_change.workspace_id = :workspace_id_1::UUID
    AND execution_day_change.day = :day_1::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z

  DELETE FROM execution_day
  WHERE execution_day.workspace_id = :workspace_id_1::UUID
    AND execution_day.day = :day_1::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z

  DELETE FROM execution_day_built
  WHERE execution_day_built.workspace_id = :workspace_id_1::UUID
    AND execution_day_built.day = :day_1::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z

  INSERT INTO execution_day (workspace_id, day, agent_id, status, runs, timed, seconds)
  SELECT agent_execution.workspace_id,
         :param_1::TIMESTAMP WITH TIME ZONE AS anon_1,
                                               agent_execution.agent_id,
                                               agent_execution.status,
                                               count(*) AS count_1,
                                               count(agent_execution.duration_seconds) AS count_2,
                                               coalesce(sum(agent_execution.duration_seconds), :param_2) AS coalesce_1
  FROM agent_execution
  WHERE agent_execution.workspace_id = :workspace_id_1::UUID
    AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
    AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
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
  VALUES (:workspace_id::UUID, :day::TIMESTAMP WITH TIME ZONE, :built_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-04 00:00:00Z
  -- :built_at = 2026-03-02 09:00:01Z

COMMIT;

BEGIN;

  SELECT pg_advisory_xact_lock(hashtextextended(:key, 0));
  -- 1 row
  -- :key = 'execution_day workspace#1 2026-01-05'

  DELETE FROM execution_day_change
  WHERE execution_day_change.workspace_id = :workspace_id_1::UUID
    AND execution_day_change.day = :day_1::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-05 00:00:00Z

  DELETE FROM execution_day
  WHERE execution_day.workspace_id = :workspace_id_1::UUID
    AND execution_day.day = :day_1::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-05 00:00:00Z

  DELETE FROM execution_day_built
  WHERE execution_day_built.workspace_id = :workspace_id_1::UUID
    AND execution_day_built.day = :day_1::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-05 00:00:00Z

  INSERT INTO execution_day (workspace_id, day, agent_id, status, runs, timed, seconds)
  SELECT agent_execution.workspace_id,
         :param_1::TIMESTAMP WITH TIME ZONE AS anon_1,
                                               agent_execution.agent_id,
                                               agent_execution.status,
                                               count(*) AS count_1,
                                               count(agent_execution.duration_seconds) AS count_2,
                                               coalesce(sum(agent_execution.duration_seconds), :param_2) AS coalesce_1
  FROM agent_execution
  WHERE agent_execution.workspace_id = :workspace_id_1::UUID
    AND agent_execution.created_at >= :created_at_1::TIMESTAMP WITH TIME ZONE
    AND agent_execution.created_at < :created_at_2::TIMESTAMP WITH TIME ZONE
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
  VALUES (:workspace_id::UUID, :day::TIMESTAMP WITH TIME ZONE, :built_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-05 00:00:00Z
  -- :built_at = 2026-03-02 09:00:02Z

COMMIT;
