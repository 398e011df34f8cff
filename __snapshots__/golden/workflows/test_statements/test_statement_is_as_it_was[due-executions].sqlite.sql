SELECT workflow_execution.id,
       workflow_execution.wake_at
FROM workflow_execution
WHERE workflow_execution.wake_at <= :wake_at_1
  AND workflow_execution.status IN (... 4)
ORDER BY workflow_execution.wake_at,
         workflow_execution.id
LIMIT :param_1
OFFSET :param_2;
-- :wake_at_1 = 2026-03-02 09:00:00Z
-- :status_1 = ('pending', 'running', 'waiting', 'compensating')
-- :param_1 = 10
-- :param_2 = 0
