-- requires: time_edges
-- An execution of a workflow and a promotion or demotion wherever a run lies at an odd place of the calendar.
INSERT INTO workflow (id, workspace_id, name, description, latest_version, created_at, updated_at) VALUES
    ('000000000000000000000000000c0021', '00000000000000000000000000000001', 'Almanac', '', 1, '2023-12-20 09:00:00.000000', '2023-12-20 09:00:00.000000');

INSERT INTO workflow_version (id, workspace_id, workflow_id, version, definition, digest, created_at) VALUES
    ('000000000000000000000000000c1201', '00000000000000000000000000000001', '000000000000000000000000000c0021', 1, '{}', '1', '2023-12-20 09:00:00.000000');

INSERT INTO workflow_execution (id, workspace_id, workflow_id, version_id, status, triggered_by, created_at, started_at, completed_at, duration_seconds, input_data, variables, depth, debugged, open_steps, log_sequence, lock_version)
SELECT id, workspace_id, '000000000000000000000000000c0021', '000000000000000000000000000c1201', status, 'manual', created_at, started_at, completed_at, duration_seconds, '{}', '{}', 0, FALSE, 0, 0, 1
FROM agent_execution;

INSERT INTO lifecycle_event (id, workspace_id, record_kind, record_id, sequence, from_status, to_status, at)
SELECT id, workspace_id, 'agent.maturity', id, 1, CASE status WHEN 'failed' THEN 'intern' ELSE 'student' END,
       CASE status WHEN 'failed' THEN 'student' ELSE 'intern' END, created_at
FROM agent_execution;
