SELECT workflow_signal.id,
       workflow_signal.workspace_id,
       workflow_signal.execution_id,
       workflow_signal.name,
       workflow_signal.payload,
       workflow_signal.sent_by,
       workflow_signal.sent_at,
       workflow_signal.taken_at,
       workflow_signal.taken_by_step
FROM workflow_signal
WHERE workflow_signal.execution_id = :execution_id_1
  AND workflow_signal.name = :name_1
  AND workflow_signal.taken_at IS NULL
ORDER BY workflow_signal.sent_at,
         workflow_signal.id
LIMIT :param_1
OFFSET :param_2;
-- :execution_id_1 = workflow_execution#s1
-- :name_1 = 'paid 5'
-- :param_1 = 1
-- :param_2 = 0
