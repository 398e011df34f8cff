SELECT workflow_execution.id,
       workflow_execution.wake_at
FROM workflow_execution
WHERE workflow_execution.wake_at <= :wake_at_1::TIMESTAMP WITH TIME ZONE
  AND workflow_execution.status IN (... 4)
ORDER BY workflow_execution.wake_at,
         workflow_execution.id
LIMIT :param_1::INTEGER;
-- :wake_at_1 = 2026-03-02 09:00:00Z
-- :status_1 = ('pending', 'running', 'waiting', 'compensating')
-- :param_1 = 10
