SELECT count(CASE
                 WHEN (workflow_step_execution.status = :status_1) THEN :param_1
             END) AS running,
       count(CASE
                 WHEN (workflow_step_execution.status = :status_2) THEN :param_2
             END) AS waiting,
       min(CASE
               WHEN (workflow_step_execution.status = :status_1) THEN workflow_step_execution.lease_until
               ELSE workflow_step_execution.wake_at
           END) AS until
FROM workflow_step_execution
WHERE workflow_step_execution.execution_id = :execution_id_1
  AND workflow_step_execution.status IN (... 3)
  AND (workflow_step_execution.status != :status_4
       OR workflow_step_execution.remaining = :remaining_1);
-- :status_1 = 'running'
-- :param_1 = 1
-- :status_2 = 'waiting'
-- :param_2 = 1
-- :execution_id_1 = workflow_execution#s1
-- :status_3 = ('pending', 'running', 'waiting')
-- :status_4 = 'pending'
-- :remaining_1 = 0
