-- Acme has one person of each role and a member who knows the field of the finance agents; Globex has an admin and a
-- student of its own. Acme's agents: one of each maturity, a second autonomous one of another field, one paused.
INSERT INTO workspace (id, name) VALUES
('00000000000000000000000000aa0001', 'Acme'),
('00000000000000000000000000aa0002', 'Globex');

INSERT INTO user_account (id, email, name, role, specialty) VALUES
('00000000000000000000000000bb0001', 'olga@acme.example', 'Olga', 'owner', NULL),
('00000000000000000000000000bb0002', 'adam@acme.example', 'Adam', 'admin', NULL),
('00000000000000000000000000bb0003', 'tina@acme.example', 'Tina', 'team_lead', NULL),
('00000000000000000000000000bb0004', 'mara@acme.example', 'Mara', 'member', 'FINANCE'),
('00000000000000000000000000bb0005', 'milo@acme.example', 'Milo', 'member', 'support'),
('00000000000000000000000000bb0006', 'vera@acme.example', 'Vera', 'viewer', 'finance'),
('00000000000000000000000000bb0007', 'nils@globex.example', 'Nils', 'owner', 'finance');

INSERT INTO workspace_member (workspace_id, user_id, joined_at) VALUES
('00000000000000000000000000aa0001', '00000000000000000000000000bb0001', '2026-01-01 00:00:00.000000'),
('00000000000000000000000000aa0001', '00000000000000000000000000bb0002', '2026-01-01 00:00:00.000000'),
('00000000000000000000000000aa0001', '00000000000000000000000000bb0003', '2026-01-01 00:00:00.000000'),
('00000000000000000000000000aa0001', '00000000000000000000000000bb0004', '2026-01-01 00:00:00.000000'),
('00000000000000000000000000aa0001', '00000000000000000000000000bb0005', '2026-01-01 00:00:00.000000'),
('00000000000000000000000000aa0001', '00000000000000000000000000bb0006', '2026-01-01 00:00:00.000000'),
('00000000000000000000000000aa0002', '00000000000000000000000000bb0007', '2026-01-01 00:00:00.000000');

INSERT INTO agent (id, workspace_id, name, description, category, module_path, class_name, maturity_level, status,
confidence_score, capabilities, owner_id, created_at, updated_at) VALUES
('00000000000000000000000000cc0001', '00000000000000000000000000aa0001', 'Sam', '', 'finance', 'agents', 'Sam',
'student', 'active', 0.4, '[]', NULL, '2026-01-02 00:00:00.000000', '2026-01-02 00:00:00.000000'),
('00000000000000000000000000cc0002', '00000000000000000000000000aa0001', 'Ines', '', 'finance', 'agents', 'Ines',
'intern', 'active', 0.6, '[]', NULL, '2026-01-03 00:00:00.000000', '2026-01-03 00:00:00.000000'),
('00000000000000000000000000cc0003', '00000000000000000000000000aa0001', 'Sue', '', 'finance', 'agents', 'Sue',
'supervised', 'active', 0.8, '[]', NULL, '2026-01-04 00:00:00.000000', '2026-01-04 00:00:00.000000'),
('00000000000000000000000000cc0004', '00000000000000000000000000aa0001', 'Otto', '', 'finance', 'agents', 'Otto',
'autonomous', 'active', 0.96, '[]', NULL, '2026-01-05 00:00:00.000000', '2026-01-05 00:00:00.000000'),
('00000000000000000000000000cc0005', '00000000000000000000000000aa0001', 'Olaf', '', 'support', 'agents', 'Olaf',
'autonomous', 'active', 0.99, '[]', NULL, '2026-01-06 00:00:00.000000', '2026-01-06 00:00:00.000000'),
('00000000000000000000000000cc0006', '00000000000000000000000000aa0001', 'Pia', '', 'finance', 'agents', 'Pia',
'supervised', 'paused', 0.75, '[]', NULL, '2026-01-07 00:00:00.000000', '2026-01-07 00:00:00.000000'),
('00000000000000000000000000cc0007', '00000000000000000000000000aa0002', 'Zed', '', 'finance', 'agents', 'Zed',
'student', 'active', 0.4, '[]', NULL, '2026-01-08 00:00:00.000000', '2026-01-08 00:00:00.000000');
