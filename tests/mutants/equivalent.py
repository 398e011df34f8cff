"""Mutants that no row tells apart, and why; by the name that `make mutants` prints."""

from __future__ import annotations

_GROUPED = "the group is one of a record's key, which decides all its columns"
_FOREIGN_KEY = "every row has its partner: a foreign key, or both sides are made of the same rows"
_EXCLUDED = "a condition further on drops the rows that this lets in"
_NULLS = "what this keeps out is null, and distributions leave nulls out themselves"
_CANCELS = "what begins and ends at one instant changes nothing at it"
_ONE = "there is one value to choose from, or each is counted once"
_NO_SELF = "no arrow leads from a level to itself"
_ANY = "any number in this place means the same: only differences and order count"
_FASTER = "it only spares work"
_LIMIT = "a default that no world here reaches"

EQUIVALENT: dict[str, str] = {
    "concurrency.changes_of_level: at(now) > since -> at(now) >= since": _CANCELS,
    "concurrency.changes_of_level: spans.c.started_at < since -> spans.c.started_at <= sin…": _CANCELS,
    "oversight.select_interventions_by_agent: key dropped: Agent.name": _GROUPED,
    "concurrency.DAY: 86400000000 -> 86400000001": _ANY,
    "concurrency.levels_by_bucket: join -> outerjoin: per_bucket": _FOREIGN_KEY,
    "concurrency._per_bucket: max -> min: levels.c.mark": _ONE,
    "concurrency._per_bucket: max -> min: case((levels.c.mark.is_not(None), levels.c.…": _ONE,
    "concurrency.changes_of_level: run.completed_at > since -> run.completed_at >= since": _CANCELS,
    "steps._defined: element dropped: Workflow": _EXCLUDED,
    "steps._defined: element dropped: WorkflowStep": _EXCLUDED,
    "steps._defined: element dropped: WorkflowVersion": _EXCLUDED,
    "steps._defined: join -> outerjoin: WorkflowStep": _EXCLUDED,
    "steps._defined: join -> outerjoin: WorkflowVersion": _EXCLUDED,
    "steps._defined: predicate dropped: *(each.workspace_id == workspace_id …": _EXCLUDED,
    "steps._done: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "critical_paths._path: union_all -> union: ....join(path, and_(path.c.executio…": _ONE,
    "canvases.select_canvas_actions: key dropped: Canvas.status": _GROUPED,
    "canvases.select_canvas_actions: key dropped: Canvas.type": _GROUPED,
    "canvases.select_canvas_actions: join -> outerjoin: Canvas": _FOREIGN_KEY,
    "canvases.select_canvas_actions_by_type: join -> outerjoin: Canvas": _FOREIGN_KEY,
    "critical_paths._last_dependency: join -> outerjoin: WorkflowStep": _FOREIGN_KEY,
    "critical_paths._spans: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "critical_paths.select_critical_paths: join -> outerjoin: spans": _FOREIGN_KEY,
    "debugging.select_hottest_breakpoints: join -> outerjoin: Workflow": _FOREIGN_KEY,
    "debugging.select_trace_durations: join -> outerjoin: DebugSession": _FOREIGN_KEY,
    "debugging.select_trace_durations: join -> outerjoin: Workflow": _FOREIGN_KEY,
    "failures.select_step_errors: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "listings.select_stuck_executions: join -> outerjoin: Agent": _FOREIGN_KEY,
    "listings.select_stuck_workflow_executions: join -> outerjoin: Workflow": _FOREIGN_KEY,
    "maturity.select_agents_by_maturity_and_status: join -> outerjoin: statuses": _FOREIGN_KEY,
    "oversight.select_interventions_by_agent: join -> outerjoin: Agent": _FOREIGN_KEY,
    "oversight.select_training_outcomes_by_category: join -> outerjoin: Agent": _FOREIGN_KEY,
    "steps.select_branch_frequencies: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "steps.select_slowest_steps: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "steps.select_step_performance: join -> outerjoin: defined": _FOREIGN_KEY,
    "workflows.select_queue_and_run_time: join -> outerjoin: runs": _FOREIGN_KEY,
    "workflows.select_queue_and_run_time: join -> outerjoin: waits": _FOREIGN_KEY,
    "canvases.select_active_canvases: join -> outerjoin: active": _EXCLUDED,
    "canvases.select_active_canvases: predicate dropped: Canvas.workspace_id == workspace_id": _EXCLUDED,
    "canvases.select_active_canvases: predicate dropped: CanvasAudit.workspace_id == workspac…": _EXCLUDED,
    "critical_paths._last_dependency: join -> outerjoin: dependency": _EXCLUDED,
    "critical_paths._last_dependency: join -> outerjoin: earlier": _EXCLUDED,
    "critical_paths._last_dependency: predicate dropped: WorkflowStep.workspace_id == workspa…": _EXCLUDED,
    "maturity._episodes: predicate dropped: AgentExecution.workspace_id == works…": _EXCLUDED,
    "maturity._interventions: predicate dropped: SupervisionSession.workspace_id == w…": _EXCLUDED,
    "maturity.select_leaderboard: predicate dropped: AgentExecution.workspace_id == works…": _EXCLUDED,
    "steps.of_scope: predicate dropped: _step.workspace_id == scope['workspa…": _EXCLUDED,
    "steps.select_step_performance: predicate dropped: Workflow.workspace_id == workspace_id": _EXCLUDED,
    "lifecycles.select_time_in_state: predicate dropped: stays.c.left_at.is_not(None)": _NULLS,
    "proposals.select_approval_latency: predicate dropped: Proposal.reviewed_at.is_not(None)": _NULLS,
    "triggers.select_time_to_resolution: predicate dropped: BlockedTrigger.resolved_at.is_not(No…": _NULLS,
    "workflows.select_queue_and_run_time: predicate dropped: execution.started_at.is_not(None)": _NULLS,
    "critical_paths._spans: max -> min: _step.position": _ONE,
    "durations.select_durations: distribution: by dropped: ()": _ONE,
    "maturity.select_agents_by_maturity_and_status: func.count(Agent.id) -> func.count(Agent.id.distinct())": _ONE,
    "proposals.select_proposal_funnel: func.count(proposal.id) -> func.count(proposal.id.disti…": _ONE,
    "maturity.select_maturity_changes: 0 -> 1 #2": _NO_SELF,
    "maturity.select_maturity_changes: went < 0 -> went <= 0": _NO_SELF,
    "maturity.select_maturity_changes: went > 0 -> went >= 0": _NO_SELF,
    "buckets._first_edge: 1 -> 2": _ANY,
    "buckets._first_edge: 1 -> 2 #2": _ANY,
    "buckets._first_edge: 1970 -> 1971": _ANY,
    "buckets._next_edge: 12 -> 13": _ANY,
    "buckets.table_of_edges: 1 -> 2": _ANY,
    "buckets.table_of_edges: func.row_number().over(order_by=start) - 1 -> func.row_…": _ANY,
    "maturity._rank: 1 -> 2": _ANY,
    "maturity.select_graduation_readiness: 1 -> 2": _ANY,
    "proposals.select_approval_rate_by_reviewer: 1 -> 2": _ANY,
    "lifecycles.select_unmoved_records: 100 -> 101": _LIMIT,
}
