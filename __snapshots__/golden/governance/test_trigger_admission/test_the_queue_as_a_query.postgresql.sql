SELECT blocked_trigger.id,
       blocked_trigger.workspace_id,
       blocked_trigger.agent_id,
       blocked_trigger.maturity_level,
       blocked_trigger.confidence_score,
       blocked_trigger.trigger_source,
       blocked_trigger.trigger_type,
       blocked_trigger.trigger_context,
       blocked_trigger.routing_decision,
       blocked_trigger.block_reason,
       blocked_trigger.status,
       blocked_trigger.priority,
       blocked_trigger.attempts,
       blocked_trigger.expires_at,
       blocked_trigger.resolved,
       blocked_trigger.resolved_at,
       blocked_trigger.resolution_outcome,
       blocked_trigger.proposal_id,
       blocked_trigger.created_at
FROM blocked_trigger
JOIN agent ON agent.id = blocked_trigger.agent_id
WHERE blocked_trigger.workspace_id = :workspace_id_1::UUID
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.status = :status_1
  AND blocked_trigger.expires_at > :expires_at_1::TIMESTAMP WITH TIME ZONE
  AND blocked_trigger.attempts < :attempts_1::INTEGER
  AND agent.status = :status_2
  AND agent.maturity_level = :maturity_level_1
ORDER BY blocked_trigger.priority DESC,
         blocked_trigger.created_at,
         blocked_trigger.id
LIMIT :param_1::INTEGER;
-- 3 rows
-- :workspace_id_1 = workspace#1
-- :routing_decision_1 = 'supervision'
-- :status_1 = 'waiting'
-- :expires_at_1 = 2026-03-02 09:00:09Z
-- :attempts_1 = 3
-- :status_2 = 'active'
-- :maturity_level_1 = 'supervised'
-- :param_1 = 50
