SELECT agent.id AS agent_id,
       agent.name AS agent,
       blocked.blocked,
       blocked.training,
       blocked.proposal,
       blocked.supervision,
       blocked.execution,
       blocked.unresolved
FROM agent
JOIN
  (SELECT blocked_trigger.agent_id AS agent_id,
          count(*) AS blocked,
          count(*) FILTER (
                           WHERE blocked_trigger.routing_decision = :routing_decision_1) AS training,
          count(*) FILTER (
                           WHERE blocked_trigger.routing_decision = :routing_decision_2) AS proposal,
          count(*) FILTER (
                           WHERE blocked_trigger.routing_decision = :routing_decision_3) AS supervision,
          count(*) FILTER (
                           WHERE blocked_trigger.routing_decision = :routing_decision_4) AS execution,
          count(*) FILTER (
                           WHERE blocked_trigger.resolved_at IS NULL) AS unresolved
   FROM blocked_trigger
   WHERE blocked_trigger.workspace_id = :workspace_id_1
     AND blocked_trigger.created_at >= :created_at_1
     AND blocked_trigger.created_at < :created_at_2
   GROUP BY blocked_trigger.agent_id) AS blocked ON agent.id = blocked.agent_id
ORDER BY blocked.blocked DESC,
         agent.name,
         agent.id;
-- 4 rows
-- :routing_decision_1 = 'training'
-- :routing_decision_2 = 'proposal'
-- :routing_decision_3 = 'supervision'
-- :routing_decision_4 = 'execution'
-- :workspace_id_1 = workspace#1
-- :created_at_1 = 2026-01-05 00:00:00Z
-- :created_at_2 = 2026-01-12 00:00:00Z
