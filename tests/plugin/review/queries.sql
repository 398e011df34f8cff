-- name: agents_of_workspace
SELECT agents.id, agents.name, agents.maturity_level, agents.confidence_score
FROM agents
WHERE agents.workspace_id = :workspace_id_1 AND agents.status = :status_1
ORDER BY agents.name, agents.id
LIMIT :param_1 OFFSET :param_2;

-- name: success_rate
SELECT agents.id, agents.name, count(agent_executions.id) AS runs, round(avg(CASE WHEN (agent_executions.status = :status_1) THEN :param_1 ELSE :param_2 END), 4) AS success_rate
FROM agents LEFT OUTER JOIN agent_executions ON agent_executions.agent_id = agents.id AND agent_executions.started_at >= :started_at_1 AND agent_executions.started_at < :started_at_2
WHERE agents.workspace_id = :workspace_id_1 AND agents.status != :status_2
GROUP BY agents.id, agents.name
HAVING count(agent_executions.id) >= :count_1
ORDER BY success_rate DESC NULLS LAST, agents.id;

-- name: recent_failures
WITH recent AS (
  SELECT e.id AS id, e.agent_id AS agent_id, row_number() OVER (PARTITION BY e.agent_id ORDER BY e.started_at DESC, e.id) AS place
  FROM agent_executions AS e
  WHERE e.workspace_id = ? AND e.status IN (?, ?)
)
SELECT recent.agent_id, count(*) AS failures, max(e2.duration_seconds) AS slowest
FROM recent JOIN agent_executions AS e2 ON e2.id = recent.id
WHERE recent.place <= ? AND e2.duration_seconds BETWEEN ? AND ?
GROUP BY recent.agent_id
ORDER BY failures DESC, recent.agent_id
LIMIT ?;

-- name: idle_agents
SELECT a.id, a.name
FROM agents AS a
WHERE a.workspace_id = %(workspace_id_1)s AND NOT (EXISTS (SELECT * FROM agent_executions AS e WHERE e.agent_id = a.id AND e.workspace_id = a.workspace_id AND e.started_at >= %(started_at_1)s))
ORDER BY a.id;

-- name: claim_step
SELECT s.id, s.execution_id, s.step_key
FROM workflow_step_executions AS s JOIN workflow_executions AS w ON w.id = s.execution_id
WHERE s.status = %(status_1)s AND w.workspace_id = %(workspace_id_1)s AND s.run_after <= %(now)s
ORDER BY s.run_after, s.id
LIMIT %(param_1)s
FOR UPDATE OF s SKIP LOCKED;

-- name: advance_execution
UPDATE workflow_executions SET status=:status, lock_version=(workflow_executions.lock_version + :lock_version_1), completed_at=:completed_at
WHERE workflow_executions.id = :id_1 AND workflow_executions.lock_version = :lock_version_2 AND workflow_executions.status IN (... 3)
RETURNING workflow_executions.id, workflow_executions.lock_version;

-- name: purge_traces
DELETE FROM execution_traces
WHERE execution_traces.workspace_id = :workspace_id_1 AND execution_traces.created_at < :created_at_1 AND execution_traces.pinned = false;

-- name: upsert_agent
INSERT INTO agents (id, workspace_id, name, module_path, class_name, description)
VALUES (:id, :workspace_id, :name, :module_path, :class_name, :description)
ON CONFLICT (workspace_id, module_path, class_name) DO UPDATE SET name = excluded.name, description = excluded.description
RETURNING agents.id;

-- name: archive_log
INSERT INTO log_archive (id, execution_id, sequence, message)
SELECT l.id, l.execution_id, l.sequence, l.message
FROM workflow_execution_logs AS l JOIN workflow_executions AS w ON w.id = l.execution_id
WHERE w.workspace_id = :workspace_id_1 AND l.created_at < :created_at_1;

-- name: timeline
SELECT p.id AS id, p.created_at AS at, 'proposal' AS kind
FROM proposals AS p
WHERE p.workspace_id = :workspace_id_1
UNION ALL
SELECT t.id AS id, t.created_at AS at, 'training' AS kind
FROM training_sessions AS t
WHERE t.workspace_id = :workspace_id_2 AND t.status = :status_1
ORDER BY at DESC, id
LIMIT :param_1;

-- name: steps_below
WITH RECURSIVE below(step_key, depth) AS (
  SELECT d.step_key, 1 FROM step_dependencies AS d WHERE d.depends_on = :depends_on_1 AND d.workflow_id = :workflow_id_1
  UNION
  SELECT d2.step_key, below.depth + 1 FROM step_dependencies AS d2 JOIN below ON d2.depends_on = below.step_key WHERE d2.workflow_id = :workflow_id_2 AND below.depth < :depth_1
)
SELECT below.step_key, min(below.depth) AS depth
FROM below
GROUP BY below.step_key
ORDER BY depth, below.step_key;

-- name: supervisors
SELECT DISTINCT users.id, users.name, users.role
FROM users JOIN workspace_members ON workspace_members.user_id = users.id JOIN supervision_sessions ON supervision_sessions.supervisor_id = users.id
WHERE workspace_members.workspace_id = :workspace_id_1 AND (supervision_sessions.rating >= :rating_1 OR supervision_sessions.rating IS NULL) AND users.role IN (... 2)
ORDER BY users.name, users.id;

-- name: latest_trigger
SELECT anon_1.agent_id, anon_1.last_blocked, agents.name
FROM (SELECT blocked_triggers.agent_id AS agent_id, max(blocked_triggers.created_at) AS last_blocked
  FROM blocked_triggers
  WHERE blocked_triggers.workspace_id = :workspace_id_1 AND blocked_triggers.resolved = false
  GROUP BY blocked_triggers.agent_id) AS anon_1, agents
WHERE agents.id = anon_1.agent_id AND agents.maturity_level != :maturity_level_1
ORDER BY anon_1.last_blocked DESC, agents.id;

-- name: reviewers
SELECT employee.id, employee.name, boss.name AS boss_name
FROM users AS employee LEFT OUTER JOIN users AS boss ON boss.id = employee.reports_to
WHERE employee.tenant_id = $1 AND employee.active AND coalesce(employee.specialty, 'none') = $2
ORDER BY employee.name, employee.id
FETCH FIRST 20 ROWS ONLY;
