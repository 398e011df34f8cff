-- requires: governance_history
-- The week of governance, all of whose agents are paused or deleted by now.
UPDATE agent SET status = 'paused'
WHERE workspace_id = '00000000000000000000000000000001' AND name IN ('Invoicer', 'Greeter', 'Relic', 'auditor');
UPDATE agent SET status = 'deleted'
WHERE workspace_id = '00000000000000000000000000000001' AND name IN ('Auditor', 'Novice', 'Archivist');
