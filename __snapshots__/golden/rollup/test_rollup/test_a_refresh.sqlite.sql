-- step: refresh

BEGIN;

  SELECT name,
         sql
  FROM sqlite_master
  WHERE type = 'trigger'
    AND lower(name) LIKE :name;
  -- x 3: 0 rows each
  -- :name = 'agent_execution_notes%'

  CREATE TRIGGER agent_execution_notes_day_insert_new AFTER
  INSERT ON agent_execution WHEN true BEGIN
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

  CREATE TRIGGER agent_execution_notes_day_delete_old AFTER
  DELETE ON agent_execution WHEN true BEGIN
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

  CREATE TRIGGER agent_execution_notes_day_update_new AFTER
  UPDATE OF workspace_id,
            agent_id,
            status,
            created_at,
            duration_seconds ON agent_execution WHEN true BEGIN
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

  CREATE TRIGGER agent_execution_notes_day_update_old AFTER
  UPDATE OF workspace_id,
            agent_id,
            status,
            created_at,
            duration_seconds ON agent_execution WHEN true BEGIN
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

  CREATE TRIGGER agent_execution_notes_level_insert AFTER
  INSERT ON agent_execution WHEN NEW.started_at IS NOT NULL BEGIN
  INSERT INTO execution_level_change (id, workspace_id, since, until)
  SELECT lower(hex(randomblob(16))),
         NEW.workspace_id,
         NEW.started_at,
         NEW.completed_at
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_level_change AS noted
       WHERE noted.workspace_id = NEW.workspace_id
         AND noted.since <= NEW.started_at
         AND (noted.until IS NULL
              OR noted.until >= NEW.completed_at)); END;
  -- 0 rows

  CREATE TRIGGER agent_execution_notes_level_delete AFTER
  DELETE ON agent_execution WHEN OLD.started_at IS NOT NULL BEGIN
  INSERT INTO execution_level_change (id, workspace_id, since, until)
  SELECT lower(hex(randomblob(16))),
         OLD.workspace_id,
         OLD.started_at,
         OLD.completed_at
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_level_change AS noted
       WHERE noted.workspace_id = OLD.workspace_id
         AND noted.since <= OLD.started_at
         AND (noted.until IS NULL
              OR noted.until >= OLD.completed_at)); END;
  -- 0 rows

  CREATE TRIGGER agent_execution_notes_level_end AFTER
  UPDATE OF workspace_id,
            started_at,
            completed_at ON agent_execution WHEN OLD.workspace_id = NEW.workspace_id
  AND OLD.started_at IS NEW.started_at
  AND NEW.started_at IS NOT NULL
  AND NEW.completed_at IS NOT OLD.completed_at BEGIN
  INSERT INTO execution_level_change (id, workspace_id, since, until)
  SELECT lower(hex(randomblob(16))),
         NEW.workspace_id,
         coalesce(min(OLD.completed_at, NEW.completed_at), OLD.completed_at, NEW.completed_at),
         max(OLD.completed_at, NEW.completed_at)
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_level_change AS noted
       WHERE noted.workspace_id = NEW.workspace_id
         AND noted.since <= coalesce(min(OLD.completed_at, NEW.completed_at), OLD.completed_at, NEW.completed_at)
         AND (noted.until IS NULL
              OR noted.until >= max(OLD.completed_at, NEW.completed_at))); END;
  -- 0 rows

  CREATE TRIGGER agent_execution_notes_level_update_new AFTER
  UPDATE OF workspace_id,
            started_at,
            completed_at ON agent_execution WHEN NOT (OLD.workspace_id = NEW.workspace_id
                                                      AND OLD.started_at IS NEW.started_at)
  AND NEW.started_at IS NOT NULL BEGIN
  INSERT INTO execution_level_change (id, workspace_id, since, until)
  SELECT lower(hex(randomblob(16))),
         NEW.workspace_id,
         NEW.started_at,
         NEW.completed_at
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_level_change AS noted
       WHERE noted.workspace_id = NEW.workspace_id
         AND noted.since <= NEW.started_at
         AND (noted.until IS NULL
              OR noted.until >= NEW.completed_at)); END;
  -- 0 rows

  CREATE TRIGGER agent_execution_notes_level_update_old AFTER
  UPDATE OF workspace_id,
            started_at,
            completed_at ON agent_execution WHEN NOT (OLD.workspace_id = NEW.workspace_id
                                                      AND OLD.started_at IS NEW.started_at)
  AND OLD.started_at IS NOT NULL BEGIN
  INSERT INTO execution_level_change (id, workspace_id, since, until)
  SELECT lower(hex(randomblob(16))),
         OLD.workspace_id,
         OLD.started_at,
         OLD.completed_at
  WHERE NOT EXISTS
      (SELECT 1
       FROM execution_level_change AS noted
       WHERE noted.workspace_id = OLD.workspace_id
         AND noted.since <= OLD.started_at
         AND (noted.until IS NULL
              OR noted.until >= OLD.completed_at)); END;
  -- 0 rows

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
                                  ORDER BY edge.value) - :param_1 AS number
        FROM json_each(:param_2) AS edge) AS span
     WHERE span.end_at IS NOT NULL) AS bucket
  JOIN execution_day_level ON execution_day_level.workspace_id = :workspace_id_1
  AND execution_day_level.day = bucket.start_at
  WHERE NOT (EXISTS
               (SELECT *
                FROM execution_level_change
                WHERE execution_level_change.workspace_id = :workspace_id_2
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
  -- :param_2 = 0.0
  -- :workspace_id_1 = workspace#1
  -- :created_at_1 = 2026-01-04 00:00:00Z
  -- :created_at_2 = 2026-01-05 00:00:00Z

  INSERT INTO execution_day_built (workspace_id, day, built_at)
  VALUES (:workspace_id, :day, :built_at);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-04 00:00:00Z
  -- :built_at = 2026-03-02 09:00:03Z

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
  -- :param_2 = 0.0
  -- :workspace_id_1 = workspace#1
  -- :created_at_1 = 2026-01-05 00:00:00Z
  -- :created_at_2 = 2026-01-06 00:00:00Z

  INSERT INTO execution_day_built (workspace_id, day, built_at)
  VALUES (:workspace_id, :day, :built_at);
  -- 1 row
  -- :workspace_id = workspace#1
  -- :day = 2026-01-05 00:00:00Z
  -- :built_at = 2026-03-02 09:00:04Z

COMMIT;

BEGIN;

  DELETE FROM execution_level_change
  WHERE execution_level_change.workspace_id = :workspace_id_1
    AND execution_level_change.since >= :since_1
    AND execution_level_change.until < :until_1;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :since_1 = 2026-01-04 00:00:00Z
  -- :until_1 = 2026-01-06 00:00:00Z

  DELETE FROM execution_level_change
  WHERE execution_level_change.workspace_id = :workspace_id_1
    AND execution_level_change.since < :param_1
    AND (execution_level_change.until IS NULL
         OR execution_level_change.until >= :param_2) RETURNING since,
                                                                until;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :param_1 = 2026-01-06 00:00:00Z
  -- :param_2 = 2026-01-04 00:00:00Z

  DELETE FROM execution_day_level
  WHERE execution_day_level.workspace_id = :workspace_id_1
    AND execution_day_level.day >= :day_1
    AND execution_day_level.day < :day_2;
  -- 0 rows
  -- :workspace_id_1 = workspace#1
  -- :day_1 = 2026-01-04 00:00:00Z
  -- :day_2 = 2026-01-06 00:00:00Z

  INSERT INTO execution_day_level (workspace_id, day, peak, busy, built_at)
  SELECT :param_1 AS anon_1,
         by_bucket.start_at,
         by_bucket.peak,
         by_bucket.busy,
         :param_2 AS anon_2
  FROM
    (SELECT bucket.start_at AS start_at,
            bucket.end_at AS end_at,
            per_bucket.peak AS peak,
            per_bucket.level * ((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) - (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER))) + (((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) / :param_3) * per_bucket.change - per_bucket.days) * :param_4 + (((unixepoch(substr(bucket.end_at, 1, 19)) * 1000000 + CAST(substr(bucket.end_at, 21, 6) AS INTEGER)) % :param_5) * per_bucket.change - per_bucket.microseconds) AS busy
     FROM
       (SELECT span.start_at AS start_at,
               span.end_at AS end_at,
               span.number AS number
        FROM
          (SELECT edge.value AS start_at,
                  lead(edge.value) OVER (
                                         ORDER BY edge.value) AS end_at,
                  row_number() OVER (
                                     ORDER BY edge.value) - :param_6 AS number
           FROM json_each(:param_7) AS edge) AS span
        WHERE span.end_at IS NOT NULL) AS bucket
     JOIN
       (SELECT max(levels.mark) AS start, CAST(max(levels.running) AS BIGINT) AS peak,
                                          CAST(max(CASE
                                                       WHEN (levels.mark IS NOT NULL) THEN levels.running
                                                   END) AS BIGINT) AS level,
                                          CAST(coalesce(sum(levels.change * :change_1), :coalesce_1) AS BIGINT) AS change,
                                          CAST(coalesce(sum(levels.change * (levels.instant / :instant_1)), :coalesce_2) AS BIGINT) AS days,
                                          CAST(coalesce(sum(levels.change * (levels.instant % :instant_2)), :coalesce_3) AS BIGINT) AS microseconds
        FROM
          (SELECT marked.instant AS instant,
                  marked.change AS change,
                  marked.mark AS mark,
                  sum(marked.change) OVER (
                                           ORDER BY marked.instant, marked.change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running,
                  count(marked.mark) OVER (
                                           ORDER BY marked.instant, marked.change ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number
           FROM
             (SELECT (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER)) AS instant,
                     :param_8 AS change,
                     (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER)) AS mark
              FROM
                (SELECT span.start_at AS start_at,
                        span.end_at AS end_at,
                        span.number AS number
                 FROM
                   (SELECT edge.value AS start_at,
                           lead(edge.value) OVER (
                                                  ORDER BY edge.value) AS end_at,
                           row_number() OVER (
                                              ORDER BY edge.value) - :param_6 AS number
                    FROM json_each(:param_7) AS edge) AS span
                 WHERE span.end_at IS NOT NULL) AS bucket
              UNION ALL SELECT changes.instant AS instant,
                               changes.change AS change,
                               NULL AS anon_3
              FROM
                (SELECT changes.instant AS instant,
                        changes.change AS change
                 FROM
                   (SELECT (unixepoch(substr(CASE
                                                 WHEN (ended.started_at < :param_9) THEN :param_9
                                                 ELSE ended.started_at
                                             END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                      WHEN (ended.started_at < :param_9) THEN :param_9
                                                                                      ELSE ended.started_at
                                                                                  END, 21, 6) AS INTEGER)) AS instant,
                           :param_10 AS change
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              agent_execution.completed_at AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1
                         AND agent_execution.started_at < :param_11
                         AND agent_execution.started_at < :param_12
                         AND agent_execution.completed_at > :param_9) AS ended
                    UNION ALL SELECT (unixepoch(substr(ended.ended_at, 1, 19)) * 1000000 + CAST(substr(ended.ended_at, 21, 6) AS INTEGER)) AS anon_4,
                                     :param_13 AS anon_5
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              agent_execution.completed_at AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1
                         AND agent_execution.started_at < :param_11
                         AND agent_execution.started_at < :param_12
                         AND agent_execution.completed_at > :param_9) AS ended
                    WHERE ended.ended_at < :param_11
                    UNION ALL SELECT (unixepoch(substr(CASE
                                                           WHEN (going_on.started_at < :param_9) THEN :param_9
                                                           ELSE going_on.started_at
                                                       END, 1, 19)) * 1000000 + CAST(substr(CASE
                                                                                                WHEN (going_on.started_at < :param_9) THEN :param_9
                                                                                                ELSE going_on.started_at
                                                                                            END, 21, 6) AS INTEGER)) AS instant,
                                     :param_14 AS change
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              :param_15 AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1
                         AND agent_execution.started_at < :param_11
                         AND agent_execution.started_at < :param_12
                         AND agent_execution.completed_at IS NULL
                         AND :param_16 > :param_9) AS going_on
                    UNION ALL SELECT (unixepoch(substr(going_on.ended_at, 1, 19)) * 1000000 + CAST(substr(going_on.ended_at, 21, 6) AS INTEGER)) AS anon_6,
                                     :param_17 AS anon_7
                    FROM
                      (SELECT agent_execution.started_at AS started_at,
                              :param_15 AS ended_at
                       FROM agent_execution
                       WHERE agent_execution.workspace_id = :workspace_id_1
                         AND agent_execution.started_at < :param_11
                         AND agent_execution.started_at < :param_12
                         AND agent_execution.completed_at IS NULL
                         AND :param_16 > :param_9) AS going_on
                    WHERE going_on.ended_at < :param_11) AS changes) AS changes) AS marked) AS levels
        GROUP BY levels.number) AS per_bucket ON per_bucket.start = (unixepoch(substr(bucket.start_at, 1, 19)) * 1000000 + CAST(substr(bucket.start_at, 21, 6) AS INTEGER))) AS by_bucket;
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
