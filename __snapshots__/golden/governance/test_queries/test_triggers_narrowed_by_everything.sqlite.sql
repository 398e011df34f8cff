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
WHERE blocked_trigger.workspace_id = :workspace_id_1
  AND blocked_trigger.agent_id = :agent_id_1
  AND blocked_trigger.trigger_source = :trigger_source_1
  AND blocked_trigger.routing_decision = :routing_decision_1
  AND blocked_trigger.resolved IS 0
  AND blocked_trigger.created_at >= :created_at_1
  AND blocked_trigger.created_at < :created_at_2
ORDER BY blocked_trigger.created_at DESC,
         blocked_trigger.id
LIMIT :param_1
OFFSET :param_2;
-- 4 rows
-- :workspace_id_1 = workspace#1
-- :agent_id_1 = agent#3
-- :trigger_source_1 = 'event'
-- :routing_decision_1 = 'supervision'
-- :created_at_1 = 2026-02-01 00:00:00Z
-- :created_at_2 = 2026-02-02 00:00:00Z
-- :param_1 = 50
-- :param_2 = 0
