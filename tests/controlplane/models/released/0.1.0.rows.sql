-- What 0.1.0 had beyond the first schema; loaded after its rows.
INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, at, actor_agent_id) VALUES
    ('000000000000000000000000000fe301', '00000000000000000000000000000001', 'agent', '000000000000000000000000000a1001', 90, 'active', 'paused', '2024-02-29 00:00:00.000000', '000000000000000000000000000a1001');

INSERT INTO execution_trace (id, workspace_id, session_id, sequence, step_key, item, attempt, status, variables_before, variables_after, diff, started_at, duration_seconds, workflow) VALUES
    ('000000000000000000000000000fe401', '00000000000000000000000000000001', '000000000000000000000000000db101', 90, 'only', 0, 1, 'completed', '{}', '{"n": 6.0}', '{}', '2024-02-29 00:00:00.000000', 0, 'only');

INSERT INTO execution_day (workspace_id, day, agent_id, status, runs, timed, seconds) VALUES
    ('00000000000000000000000000000001', '2024-02-29 00:00:00.000000', '000000000000000000000000000a1001', 'completed', 1, 1, 0);

INSERT INTO execution_day_built (workspace_id, day, built_at) VALUES
    ('00000000000000000000000000000001', '2024-02-29 00:00:00.000000', '2024-03-01 00:00:00.000000');

INSERT INTO execution_day_change (id, workspace_id, day) VALUES
    ('000000000000000000000000000f0501', '00000000000000000000000000000001', '2024-02-28 00:00:00.000000');

INSERT INTO execution_day_level (workspace_id, day, peak, busy, built_at) VALUES
    ('00000000000000000000000000000001', '2024-02-29 00:00:00.000000', 1, 0, '2024-03-01 00:00:00.000000');

INSERT INTO execution_level_change (id, workspace_id, since, until) VALUES
    ('000000000000000000000000000f0601', '00000000000000000000000000000001', '2024-02-28 00:00:00.000000', NULL);
