-- requires: registry
-- Names that collations put in an order of their own: case, accents, underscores, spaces; two that differ by case.
INSERT INTO agent
(id, workspace_id, name, description, category, module_path, class_name, maturity_level, status, confidence_score,
capabilities, owner_id, created_at, updated_at) VALUES
('0000000000000000000000000000d001', '0000000000000000000000000000a002', 'beta', '', 'names', 'agents.names', 'A1',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000'),
('0000000000000000000000000000d002', '0000000000000000000000000000a002', 'Beta', '', 'names', 'agents.names', 'A2',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000'),
('0000000000000000000000000000d003', '0000000000000000000000000000a002', 'Zeta', '', 'names', 'agents.names', 'A3',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000'),
('0000000000000000000000000000d004', '0000000000000000000000000000a002', 'Änne', '', 'names', 'agents.names', 'A4',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000'),
('0000000000000000000000000000d005', '0000000000000000000000000000a002', 'alpha', '', 'names', 'agents.names', 'A5',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000'),
('0000000000000000000000000000d006', '0000000000000000000000000000a002', 'al_pha', '', 'names', 'agents.names', 'A6',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000'),
('0000000000000000000000000000d007', '0000000000000000000000000000a002', 'al pha', '', 'names', 'agents.names', 'A7',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000'),
('0000000000000000000000000000d008', '0000000000000000000000000000a002', '_probe', '', 'names', 'agents.names', 'A8',
'student', 'active', 0.4, '[]', NULL, '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000');
