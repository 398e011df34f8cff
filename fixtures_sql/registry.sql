-- Two workspaces; five agents in the first, two of them of one name, one deleted; their namesake in the second.
INSERT INTO workspace (id, name) VALUES
('0000000000000000000000000000a001', 'Acme'),
('0000000000000000000000000000a002', 'Globex');

INSERT INTO user_account (id, email, name, role, specialty) VALUES
('0000000000000000000000000000b001', 'olga@acme.example', 'Olga', 'owner', NULL),
('0000000000000000000000000000b002', 'victor@acme.example', 'Victor', 'viewer', 'Finance');

INSERT INTO workspace_member (workspace_id, user_id, joined_at) VALUES
('0000000000000000000000000000a001', '0000000000000000000000000000b001', '2026-01-01 00:00:00.000000'),
('0000000000000000000000000000a001', '0000000000000000000000000000b002', '2026-01-01 00:00:00.000000');

INSERT INTO agent
(id, workspace_id, name, description, category, module_path, class_name, maturity_level, status, confidence_score,
capabilities, owner_id, created_at, updated_at) VALUES
('0000000000000000000000000000c001', '0000000000000000000000000000a001', 'Reconciler', 'Matches invoices', 'finance',
'agents.finance', 'Reconciler', 'autonomous', 'paused', 0.93, '["read", "match"]', '0000000000000000000000000000b001',
'2026-01-05 09:00:00.000000', '2026-02-01 12:00:00.000000'),
('0000000000000000000000000000c002', '0000000000000000000000000000a001', 'Triage', '', 'support',
'agents.support', 'Triage', 'student', 'active', 0.4, '[]', NULL,
'2026-01-06 09:00:00.000000', '2026-01-06 09:00:00.000000'),
('0000000000000000000000000000c003', '0000000000000000000000000000a001', 'Triage', 'The other one', 'support',
'agents.support', 'TriageNight', 'student', 'active', 0.45, '[]', NULL,
'2026-01-06 09:00:00.000000', '2026-01-06 09:00:00.000000'),
('0000000000000000000000000000c004', '0000000000000000000000000000a001', 'Drafter', '', 'support',
'agents.support', 'Drafter', 'intern', 'active', 0.55, '["draft"]', '0000000000000000000000000000b002',
'2026-01-07 09:00:00.000000', '2026-01-07 09:00:00.000000'),
('0000000000000000000000000000c005', '0000000000000000000000000000a001', 'Archivist', '', 'support',
'agents.support', 'Archivist', 'student', 'deleted', 0.3, '[]', NULL,
'2026-01-08 09:00:00.000000', '2026-01-09 09:00:00.000000'),
('0000000000000000000000000000c006', '0000000000000000000000000000a002', 'Reconciler', '', 'finance',
'agents.finance', 'Reconciler', 'student', 'active', 0.4, '[]', NULL,
'2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000');
