-- requires: users
-- Every maturity and every kind of agent that a question must not lose or count twice: paused (Archivist), deleted
-- with runs (Relic), deleted without (Phantom), without any run (Novice), names that differ in case only, and an
-- agent of the same identity in the other workspace.
INSERT INTO agent (id, workspace_id, name, category, module_path, class_name, maturity_level, status, confidence_score,
                   capabilities, owner_id, description, created_at, updated_at) VALUES
    ('000000000000000000000000000a0001', '00000000000000000000000000000001', 'Invoicer', 'finance', 'finance.invoicer', 'Invoicer', 'autonomous', 'active', 0.95, '[]', '000000000000000000000000000b0001',
     '', '2025-12-10 09:00:00.000000', '2025-12-10 09:00:00.000000'),
    ('000000000000000000000000000a0002', '00000000000000000000000000000001', 'Auditor', 'finance', 'finance.auditor', 'Auditor', 'supervised', 'active', 0.8, '[]', '000000000000000000000000000b0003',
     '', '2025-12-11 09:00:00.000000', '2025-12-11 09:00:00.000000'),
    ('000000000000000000000000000a0003', '00000000000000000000000000000001', 'Greeter', 'support', 'support.greeter', 'Greeter', 'intern', 'active', 0.6, '[]', '000000000000000000000000000b0004',
     '', '2025-12-12 09:00:00.000000', '2025-12-12 09:00:00.000000'),
    ('000000000000000000000000000a0004', '00000000000000000000000000000001', 'Novice', 'support', 'support.novice', 'Novice', 'student', 'active', 0.4, '[]', NULL,
     '', '2025-12-13 09:00:00.000000', '2025-12-13 09:00:00.000000'),
    ('000000000000000000000000000a0005', '00000000000000000000000000000001', 'Archivist', 'records', 'records.archivist', 'Archivist', 'intern', 'paused', 0.55, '[]', '000000000000000000000000000b0004',
     '', '2025-12-14 09:00:00.000000', '2025-12-14 09:00:00.000000'),
    ('000000000000000000000000000a0006', '00000000000000000000000000000001', 'Relic', 'records', 'records.relic', 'Relic', 'supervised', 'deleted', 0.75, '[]', NULL,
     '', '2025-12-15 09:00:00.000000', '2025-12-15 09:00:00.000000'),
    ('000000000000000000000000000a0007', '00000000000000000000000000000001', 'Phantom', 'records', 'records.phantom', 'Phantom', 'student', 'deleted', 0.1, '[]', NULL,
     '', '2025-12-16 09:00:00.000000', '2025-12-16 09:00:00.000000'),
    ('000000000000000000000000000a0008', '00000000000000000000000000000001', 'auditor', 'finance', 'finance.auditor', 'SecondAuditor', 'student', 'active', 0.4999, '[]', '000000000000000000000000000b0003',
     '', '2025-12-17 09:00:00.000000', '2025-12-17 09:00:00.000000'),
    ('000000000000000000000000000a0009', '00000000000000000000000000000002', 'Invoicer', 'finance', 'finance.invoicer', 'Invoicer', 'autonomous', 'active', 0.99, '[]', '000000000000000000000000000b0006',
     '', '2025-12-18 09:00:00.000000', '2025-12-18 09:00:00.000000');
