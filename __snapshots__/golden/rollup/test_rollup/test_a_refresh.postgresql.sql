-- step: refresh

BEGIN;

  SELECT t.tgname,
         t.tgtype,
         t.tgenabled,
         coalesce(t.tgoldtable, ''),
         coalesce(t.tgnewtable, ''),
         p.proname,
         p.prosrc
  FROM pg_trigger AS t
  JOIN pg_proc AS p ON p.oid = t.tgfoid
  WHERE t.tgrelid = 'agent_execution'::regclass
    AND t.tgname LIKE :name;
  -- 0 rows
  -- :name = 'agent_execution_notes%'

  SELECT pg_advisory_xact_lock(hashtextextended(:key, 0));
  -- 1 row
  -- :key = 'execution_day triggers'

  SELECT t.tgname,
         t.tgtype,
         t.tgenabled,
         coalesce(t.tgoldtable, ''),
         coalesce(t.tgnewtable, ''),
         p.proname,
         p.prosrc
  FROM pg_trigger AS t
  JOIN pg_proc AS p ON p.oid = t.tgfoid
  WHERE t.tgrelid = 'agent_execution'::regclass
    AND t.tgname LIKE :name;
  -- x 2: 0 rows each
  -- :name = 'agent_execution_notes%'

  DROP FUNCTION IF EXISTS agent_execution_notes() CASCADE;

CREATE OR REPLACE FUNCTION agent_execution_notes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'TRUNCATE' THEN
        DELETE FROM execution_day_built;
        DELETE FROM execution_day_level;
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (
            SELECT DISTINCT workspace_id,
                date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day
            FROM (SELECT workspace_id, created_at FROM after) AS runs) AS days;
        INSERT INTO execution_level_change (id, workspace_id, since, until)
        SELECT gen_random_uuid(), workspace_id, min(since),
            CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END
        FROM (SELECT workspace_id, started_at AS since, completed_at AS until FROM after WHERE started_at IS NOT NULL) AS spans
        GROUP BY workspace_id, date_trunc('day', since AT TIME ZONE 'UTC');
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (
            SELECT DISTINCT workspace_id,
                date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day
            FROM (SELECT workspace_id, created_at FROM before) AS runs) AS days;
        INSERT INTO execution_level_change (id, workspace_id, since, until)
        SELECT gen_random_uuid(), workspace_id, min(since),
            CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END
        FROM (SELECT workspace_id, started_at AS since, completed_at AS until FROM before WHERE started_at IS NOT NULL) AS spans
        GROUP BY workspace_id, date_trunc('day', since AT TIME ZONE 'UTC');
    ELSE
        INSERT INTO execution_day_change (id, workspace_id, day)
        SELECT gen_random_uuid(), workspace_id, day FROM (
            SELECT DISTINCT workspace_id,
                date_trunc('day', created_at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' AS day
            FROM (SELECT workspace_id, created_at FROM before UNION SELECT workspace_id, created_at FROM after) AS runs) AS days;
        INSERT INTO execution_level_change (id, workspace_id, since, until)
        SELECT gen_random_uuid(), workspace_id, min(since),
            CASE WHEN bool_and(until IS NOT NULL) THEN max(until) END
        FROM (
            SELECT before.workspace_id, least(before.completed_at, after.completed_at) AS since,
                CASE WHEN before.completed_at IS NOT NULL AND after.completed_at IS NOT NULL
                    THEN greatest(before.completed_at, after.completed_at) END AS until
            FROM before JOIN after USING (id, workspace_id, started_at)
            WHERE before.completed_at IS DISTINCT FROM after.completed_at
            UNION ALL SELECT workspace_id, started_at, completed_at FROM before WHERE started_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM after WHERE after.id = before.id
                    AND after.workspace_id = before.workspace_id AND after.started_at = before.started_at)
            UNION ALL SELECT workspace_id, started_at, completed_at FROM after WHERE started_at IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM before WHERE after.id = before.id
                    AND after.workspace_id = before.workspace_id AND after.started_at = before.started_at)) AS spans
        GROUP BY workspace_id, date_trunc('day', since AT TIME ZONE 'UTC');
    END IF;
    RETURN NULL;
END $$;

  CREATE OR REPLACE TRIGGER agent_execution_notes_insert AFTER
  INSERT ON agent_execution REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes();

  CREATE OR REPLACE TRIGGER agent_execution_notes_delete AFTER
  DELETE ON agent_execution REFERENCING OLD TABLE AS
  before
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes();

  CREATE OR REPLACE TRIGGER agent_execution_notes_update AFTER
  UPDATE ON agent_execution REFERENCING OLD TABLE AS
  before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes();

  CREATE OR REPLACE TRIGGER agent_execution_notes_truncate AFTER
  TRUNCATE ON agent_execution
  FOR EACH STATEMENT EXECUTE FUNCTION agent_execution_notes();

  DELETE FROM execution_day_built;
  -- 0 rows

  DELETE FROM execution_day;
  -- 0 rows

  DELETE FROM execution_day_change;
  -- 0 rows

  DELETE FROM execution_day_level;
  -- 0 rows

  DELETE FROM execution_level_change;
  -- 0 rows

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

  SELECT bucket.start_at
  FROM
    (SELECT span.start_at AS start_at,
            span.end_at AS end_at,
            span.number AS number
     FROM
       (SELECT edge.value AS start_at,
               lead(edge.value) OVER (
                                      ORDER BY edge.value) AS end_at,
               row_number() OVER (
                                  ORDER BY edge.value) - :param_1::INTEGER AS number
        FROM
          (SELECT unnest(CAST(:param_2::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
     WHERE span.end_at IS NOT NULL) AS bucket
  JOIN execution_day_level ON execution_day_level.workspace_id = :workspace_id_1::UUID
  AND execution_day_level.day = bucket.start_at
  WHERE NOT (EXISTS
               (SELECT *
                FROM execution_level_change
                WHERE execution_level_change.workspace_id = :workspace_id_2::UUID
                  AND execution_level_change.since < bucket.end_at
                  AND (execution_level_change.until IS NULL
                       OR execution_level_change.until >= bucket.start_at)));
  -- 0 rows
  -- :param_1 = 1
  -- :param_2 = [2026-01-04 00:00:00Z, 2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z, 2026-01-07 00:00:00Z, 2026-01-08 00:00:00Z, 2026-01-09 00:00:00Z, 2026-01-10 00:00:00Z, 2026-01-11 00:00:00Z, 2026-01-12 00:00:00Z, 2026-01-13 00:00:00Z, 2026-01-14 00:00:00Z, 2026-01-15 00:00:00Z, 2026-01-16 00:00:00Z, 2026-01-17 00:00:00Z, 2026-01-18 00:00:00Z, 2026-01-19 00:00:00Z, 2026-01-20 00:00:00Z, 2026-01-21 00:00:00Z, 2026-01-22 00:00:00Z, 2026-01-23 00:00:00Z, 2026-01-24 00:00:00Z, 2026-01-25 00:00:00Z, 2026-01-26 00:00:00Z, 2026-01-27 00:00:00Z, 2026-01-28 00:00:00Z, 2026-01-29 00:00:00Z, 2026-01-30 00:00:00Z, 2026-01-31 00:00:00Z, 2026-02-01 00:00:00Z, 2026-02-02 00:00:00Z, 2026-02-03 00:00:00Z, 2026-02-04 00:00:00Z, 2026-02-05 00:00:00Z, 2026-02-06 00:00:00Z, 2026-02-07 00:00:00Z, 2026-02-08 00:00:00Z, 2026-02-09 00:00:00Z, 2026-02-10 00:00:00Z, 2026-02-11 00:00:00Z, 2026-02-12 00:00:00Z, 2026-02-13 00:00:00Z, 2026-02-14 00:00:00Z, 2026-02-15 00:00:00Z, 2026-02-16 00:00:00Z, 2026-02-17 00:00:00Z, 2026-02-18 00:00:00Z, 2026-02-19 00:00:00Z, 2026-02-20 00:00:00Z, 2026-02-21 00:00:00Z, 2026-02-22 00:00:00Z, 2026-02-23 00:00:00Z, 2026-02-24 00:00:00Z, 2026-02-25 00:00:00Z, 2026-02-26 00:00:00Z, 2026-02-27 00:00:00Z, 2026-02-28 00:00:00Z, 2026-03-01 00:00:00Z, 2026-03-02 00:00:00Z]
  -- :workspace_id_1 = workspace#1
  -- :workspace_id_2 = workspace#1

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
  -- :param_2 = 0.0
  -- :workspace_id_1 = workspace#1
  -- :created_at_1 = 2026-01-04 00:00:00Z
  -- :created_at_2 = 2026-01-05 00:00:00Z

  INSERT INTO execution_day_built (workspace_id, day, built_at)
  VALUES (:workspace_id::UUID, :day::TIMESTAMP WITH TIME ZONE, :built_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-04 00:00:00Z
  -- :built_at = 2026-03-02 09:00:03Z

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
  -- :param_2 = 0.0
  -- :workspace_id_1 = workspace#1
  -- :created_at_1 = 2026-01-05 00:00:00Z
  -- :created_at_2 = 2026-01-06 00:00:00Z

  INSERT INTO execution_day_built (workspace_id, day, built_at)
  VALUES (:workspace_id::UUID, :day::TIMESTAMP WITH TIME ZONE, :built_at::TIMESTAMP WITH TIME ZONE);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-05 00:00:00Z
  -- :built_at = 2026-03-02 09:00:04Z

COMMIT;

BEGIN;

  SELECT pg_advisory_xact_lock(hashtextextended(:key, 0));
  -- 1 row
  -- :key = 'execution_day_level workspace#1'

  DELETE FROM execution_level_change
  WHERE execution_level_change.workspace_id = :workspace_id_1::UUID
    AND execution_level_change.since >= :since_1::TIMESTAMP WITH TIME ZONE
    AND execution_level_change.until < :until_1::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :since_1 = 2026-01-04 00:00:00Z
  -- :until_1 = 2026-01-06 00:00:00Z

  DELETE FROM execution_level_change
  WHERE execution_level_change.workspace_id = :workspace_id_1::UUID
    AND execution_level_change.since < :param_1::TIMESTAMP WITH TIME ZONE
    AND (execution_level_change.until IS NULL
         OR execution_level_change.until >= :param_2::TIMESTAMP WITH TIME ZONE) RETURNING execution_level_change.since,
                                                                                          execution_level_change.until;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :param_1 = 2026-01-06 00:00:00Z
  -- :param_2 = 2026-01-04 00:00:00Z

  DELETE FROM execution_day_level
  WHERE execution_day_level.workspace_id = :workspace_id_1::UUID
    AND execution_day_level.day >= :day_1::TIMESTAMP WITH TIME ZONE
    AND execution_day_level.day < :day_2::TIMESTAMP WITH TIME ZONE;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z
  -- :day_2 = 2026-01-06 00:00:00Z

  INSERT INTO execution_day_level (workspace_id, day, peak, busy, built_at)
  SELECT :param_1::UUID AS anon_1,
         by_bucket.start_at,
         by_bucket.peak,
         by_bucket.busy,
         :param_2::TIMESTAMP WITH TIME ZONE AS anon_2
  FROM
    (SELECT bucket.start_at AS start_at,
            bucket.end_at AS end_at,
            per_bucket.peak AS peak,
            per_bucket.level * (CAST(date_part('epoch', bucket.end_at) * 1000000 AS BIGINT) - CAST(date_part('epoch', bucket.start_at) * 1000000 AS BIGINT)) + ((CAST(date_part('epoch', bucket.end_at) * 1000000 AS BIGINT) / :param_3::BIGINT) * per_bucket.change - per_bucket.days) * :param_4::BIGINT + ((CAST(date_part('epoch', bucket.end_at) * 1000000 AS BIGINT) % :param_5::BIGINT) * per_bucket.change - per_bucket.microseconds) AS busy
     FROM
       (SELECT span.start_at AS start_at,
               span.end_at AS end_at,
               span.number AS number
        FROM
          (SELECT edge.value AS start_at,
                  lead(edge.value) OVER (
                                         ORDER BY edge.value) AS end_at,
                  row_number() OVER (
                                     ORDER BY edge.value) - :param_6::INTEGER AS number
           FROM
             (SELECT unnest(CAST(:param_7::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
        WHERE span.end_at IS NOT NULL) AS bucket
     JOIN
       (SELECT max(levels.mark) AS start, CAST(max(levels.running) AS BIGINT) AS peak,
                                          CAST(max(CASE
                                                       WHEN (levels.mark IS NOT NULL) THEN levels.running
                                                   END) AS BIGINT) AS level,
                                          CAST(coalesce(sum(levels.change * :change_1::INTEGER), :coalesce_1::INTEGER) AS BIGINT) AS change,
                                          CAST(coalesce(sum(levels.change * (levels.instant / :instant_1::BIGINT)), :coalesce_2::INTEGER) AS BIGINT) AS days,
                                          CAST(coalesce(sum(levels.change * (levels.instant % :instant_2::BIGINT)), :coalesce_3::INTEGER) AS BIGINT) AS microseconds
        FROM
          (SELECT marked.instant AS instant,
                  marked.change AS change,
                  marked.mark AS mark,
                  sum(marked.change) OVER (
                                           ORDER BY marked.instant, marked.change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running,
                  count(marked.mark) OVER (
                                           ORDER BY marked.instant, marked.change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
           FROM
             (SELECT CAST(date_part('epoch', bucket.start_at) * 1000000 AS BIGINT) AS instant,
                     :param_8::INTEGER AS change,
                     CAST(date_part('epoch', bucket.start_at) * 1000000 AS BIGINT) AS mark
              FROM
                (SELECT span.start_at AS start_at,
                        span.end_at AS end_at,
                        span.number AS number
                 FROM
                   (SELECT edge.value AS start_at,
                           lead(edge.value) OVER (
                                                  ORDER BY edge.value) AS end_at,
                           row_number() OVER (
                                              ORDER BY edge.value) - :param_6::INTEGER AS number
                    FROM
                      (SELECT unnest(CAST(:param_7::TIMESTAMP WITH TIME ZONE[] AS TIMESTAMP WITH TIME ZONE[])) AS value) AS edge) AS span
                 WHERE span.end_at IS NOT NULL) AS bucket
              UNION ALL SELECT changes.instant AS instant,
                               changes.change AS change,
                               NULL AS anon_3
              FROM
                (SELECT changes.instant AS instant,
                        changes.change AS change
                 FROM
                   (SELECT CAST(date_part('epoch', CASE
                                                       WHEN (ended.started_at < :param_9::TIMESTAMP WITH TIME ZONE) THEN :param_9::TIMESTAMP WITH TIME ZONE
                                                       ELSE ended.started_at
                                                   END) * 1000000 AS BIGINT) AS instant,
                           :param_10::INTEGER AS change
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              agent_execution.completed_at AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                         AND agent_execution.started_at < :param_11::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.started_at < :param_12::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.completed_at > :param_9::TIMESTAMP WITH TIME ZONE) AS ended
                    UNION ALL SELECT CAST(date_part('epoch', ended.ended_at) * 1000000 AS BIGINT) AS anon_4,
                                     :param_13::INTEGER AS anon_5
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              agent_execution.completed_at AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                         AND agent_execution.started_at < :param_11::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.started_at < :param_12::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.completed_at > :param_9::TIMESTAMP WITH TIME ZONE) AS ended
                    WHERE ended.ended_at < :param_11::TIMESTAMP WITH TIME ZONE
                    UNION ALL SELECT CAST(date_part('epoch', CASE
                                                                 WHEN (going_on.started_at < :param_9::TIMESTAMP WITH TIME ZONE) THEN :param_9::TIMESTAMP WITH TIME ZONE
                                                                 ELSE going_on.started_at
                                                             END) * 1000000 AS BIGINT) AS instant,
                                     :param_14::INTEGER AS change
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              :param_15::TIMESTAMP WITH TIME ZONE AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                         AND agent_execution.started_at < :param_11::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.started_at < :param_12::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.completed_at IS NULL
                         AND :param_16::TIMESTAMP WITH TIME ZONE > :param_9::TIMESTAMP WITH TIME ZONE) AS going_on
                    UNION ALL SELECT CAST(date_part('epoch', going_on.ended_at) * 1000000 AS BIGINT) AS anon_6,
                                     :param_17::INTEGER AS anon_7
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              :param_15::TIMESTAMP WITH TIME ZONE AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1::UUID
                         AND agent_execution.started_at < :param_11::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.started_at < :param_12::TIMESTAMP WITH TIME ZONE
                         AND agent_execution.completed_at IS NULL
                         AND :param_16::TIMESTAMP WITH TIME ZONE > :param_9::TIMESTAMP WITH TIME ZONE) AS going_on
                    WHERE going_on.ended_at < :param_11::TIMESTAMP WITH TIME ZONE) AS changes) AS changes) AS marked) AS levels
        GROUP BY levels.number) AS per_bucket ON per_bucket.start = CAST(date_part('epoch', bucket.start_at) * 1000000 AS BIGINT)) AS by_bucket;
  -- 2 rows
  -- :param_1 = workspace#1
  -- :param_2 = 2026-03-02 09:00:05Z
  -- :param_3 = 86400000000
  -- :param_4 = 86400000000
  -- :param_5 = 86400000000
  -- :param_6 = 1
  -- :param_7 = [2026-01-04 00:00:00Z, 2026-01-05 00:00:00Z, 2026-01-06 00:00:00Z]
  -- :change_1 = 1
  -- :coalesce_1 = 0
  -- :instant_1 = 86400000000
  -- :coalesce_2 = 0
  -- :instant_2 = 86400000000
  -- :coalesce_3 = 0
  -- :param_8 = 0
  -- :param_9 = 2026-01-04 00:00:00Z
  -- :param_10 = 1
  -- :workspace_id_1 = workspace#1
  -- :param_11 = 2026-01-06 00:00:00Z
  -- :param_12 = 2026-03-02 09:00:05Z
  -- :param_13 = -1
  -- :param_14 = 1
  -- :param_15 = 2026-03-02 09:00:05Z
  -- :param_16 = 2026-03-02 09:00:05Z
  -- :param_17 = -1

COMMIT;
