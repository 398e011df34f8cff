SELECT lifecycle_event.id,
       lifecycle_event.workspace_id,
       lifecycle_event.record_kind,
       lifecycle_event.record_id,
       lifecycle_event.sequence,
       lifecycle_event.from_status,
       lifecycle_event.to_status,
       lifecycle_event.actor_id,
       lifecycle_event.reason,
       lifecycle_event.at,
       lifecycle_event.actor_agent_id
FROM lifecycle_event
WHERE lifecycle_event.workspace_id = :workspace_id_1
  AND (lifecycle_event.record_kind IN (... 2)
       AND lifecycle_event.record_id = :record_id_1
       OR lifecycle_event.record_kind = :record_kind_2
       AND lifecycle_event.record_id IN
         (SELECT agent_execution.id
          FROM agent_execution
          WHERE agent_execution.workspace_id = :workspace_id_2
            AND agent_execution.agent_id = :agent_id_1)
       OR lifecycle_event.record_kind = :record_kind_3
       AND lifecycle_event.record_id IN
         (SELECT agent_feedback.id
          FROM agent_feedback
          WHERE agent_feedback.workspace_id = :workspace_id_3
            AND agent_feedback.agent_id = :agent_id_2)
       OR lifecycle_event.record_kind = :record_kind_4
       AND lifecycle_event.record_id IN
         (SELECT blocked_trigger.id
          FROM blocked_trigger
          WHERE blocked_trigger.workspace_id = :workspace_id_4
            AND blocked_trigger.agent_id = :agent_id_3)
       OR lifecycle_event.record_kind = :record_kind_5
       AND lifecycle_event.record_id IN
         (SELECT proposal.id
          FROM proposal
          WHERE proposal.workspace_id = :workspace_id_5
            AND proposal.agent_id = :agent_id_4)
       OR lifecycle_event.record_kind = :record_kind_6
       AND lifecycle_event.record_id IN
         (SELECT training_session.id
          FROM training_session
          WHERE training_session.workspace_id = :workspace_id_6
            AND training_session.agent_id = :agent_id_5)
       OR lifecycle_event.record_kind = :record_kind_7
       AND lifecycle_event.record_id IN
         (SELECT supervision_session.id
          FROM supervision_session
          WHERE supervision_session.workspace_id = :workspace_id_7
            AND supervision_session.agent_id = :agent_id_6))
  AND lifecycle_event.at >= :at_1
  AND lifecycle_event.at < :at_2
ORDER BY lifecycle_event.at DESC,
         lifecycle_event.sequence DESC,
         lifecycle_event.record_kind,
         lifecycle_event.id
LIMIT :param_1
OFFSET :param_2;
-- :workspace_id_1 = workspace#s1
-- :record_kind_1 = ('agent', 'agent.maturity')
-- :record_id_1 = record#s1
-- :record_kind_2 = 'agent_execution'
-- :workspace_id_2 = workspace#s1
-- :agent_id_1 = record#s1
-- :record_kind_3 = 'agent_feedback'
-- :workspace_id_3 = workspace#s1
-- :agent_id_2 = record#s1
-- :record_kind_4 = 'blocked_trigger'
-- :workspace_id_4 = workspace#s1
-- :agent_id_3 = record#s1
-- :record_kind_5 = 'proposal'
-- :workspace_id_5 = workspace#s1
-- :agent_id_4 = record#s1
-- :record_kind_6 = 'training_session'
-- :workspace_id_6 = workspace#s1
-- :agent_id_5 = record#s1
-- :record_kind_7 = 'supervision_session'
-- :workspace_id_7 = workspace#s1
-- :agent_id_6 = record#s1
-- :at_1 = 2026-02-01 00:00:00Z
-- :at_2 = 2026-02-02 00:00:00Z
-- :param_1 = 100
-- :param_2 = 0
