"""Mutants that no row distinguishes, and why; by the name that `make mutants` prints."""

from __future__ import annotations

_GROUPED = "the group is one of a record's key, which decides all its columns"
_FOREIGN_KEY = "every row has its partner: a foreign key, or both sides are made of the same rows"
_EXCLUDED = "a condition further on drops the rows that this lets in"
_NULLS = "what this keeps out is null, and distributions leave nulls out themselves"
_CANCELS = "what begins and ends at one instant changes nothing at it"
_ONE = "there is one value to choose from, or each is counted once"
_NO_SELF = "no arrow leads from a level to itself"
_ANY = "any number in this place means the same: only differences and order count"
_FASTER = "it only spares work: which of two ways is taken, or how far one goes, changes no row"
_TWICE = (
    "both cases give the same: the one value of a group is found from either end, and the last rank is its own"
)
_LIMIT = "a default that no world here reaches"
_BEYOND = "what this lets in has the rank that it has elsewhere, with the same value, or one beyond the last"
_SMALLER = (
    "the ranks that it gets wrong are those of greater values, and of two values of a rank the greater is taken"
)
_UNTIL = "a level that changed until a day begins is the same on that day"
_NOT_EQUAL = "the two are never equal: an edge that is the instant would be the last before it, not the next"
_WITH_END = "a run that ends with the window changes no level in it"
_NO_SUM = "a run that this lets in ends before the window and begins with it: its levels add up to 0"
_NO_RUNS = "a day without runs becomes a row of nulls, which every sum leaves out"

EQUIVALENT: dict[str, str] = {
    "sql.percentiles.BANDS: 12 -> 13": _FASTER,
    "sql.percentiles.DECADES: 1 -> 2": _FASTER,
    "sql.percentiles.DECADES: 12 -> 13": _FASTER,
    "sql.percentiles.MANY: 5000 -> 5001": _FASTER,
    "sql.percentiles.PARTS: 64 -> 65": _FASTER,
    "sql.percentiles.ranked_from_bands: predicate dropped: order < spans.c.high": _BEYOND,
    "sql.percentiles.ranked_from_bands: order < spans.c.high -> order <= spans.c.high": _BEYOND,
    "sql.percentiles._counted: end > last -> end >= last": _FASTER,
    "sql.percentiles._counted: and_ -> or_: first <= rank + 1": _FASTER,
    "sql.percentiles._counted: predicate dropped: first <= rank + 1": _FASTER,
    "sql.percentiles._counted: predicate dropped: end > rank": _FASTER,
    "sql.percentiles._counted: 1 -> 2": _FASTER,
    "sql.percentiles._counted: end > rank -> end >= rank": _FASTER,
    "sql.percentiles._counted: predicate dropped: wanted": _FASTER,
    "sql.percentiles._counted: predicate dropped: first < end": _FASTER,
    "sql.percentiles._counted: first < end -> first <= end": _FASTER,
    "sql.percentiles._in_bands: groups.c.last >= MANY -> groups.c.last > MANY": _FASTER,
    "sql.percentiles._in_bands: groups.c.last >= MANY -> groups.c.last < MANY": _FASTER,
    "sql.percentiles._in_bands: predicate dropped: or_(many, bands.c.low == edges[0])": _BEYOND,
    "sql.percentiles._in_parts: bands.c.samples >= PARTS -> bands.c.samples < PARTS": _FASTER,
    "sql.percentiles._in_parts: bands.c.samples >= PARTS -> bands.c.samples > PARTS": _FASTER,
    "sql.percentiles._in_parts: bands.c.high - bands.c.low -> bands.c.high + bands.c.low": _FASTER,
    "sql.percentiles._in_parts: (bands.c.high - bands.c.low) / PARTS -> (bands.c.high -…": _FASTER,
    "sql.percentiles._in_parts: part < PARTS - 1 -> part >= PARTS - 1": _SMALLER,
    "sql.percentiles._in_parts: 1 -> 2": _SMALLER,
    "sql.percentiles._edges: 10 -> 11": _FASTER,
    "sql.percentiles._edges: decade + step / BANDS -> decade - step / BANDS": _FASTER,
    "sql.percentiles._edges: step / BANDS -> step * BANDS": _FASTER,
    "sql.percentiles._edges: 1 -> 2": _FASTER,
    "sql.percentiles._edges: 1 -> 2 #2": _FASTER,
    "sql.percentiles._edges: 1e+300 -> 1e+300": _FASTER,
    "sql.percentiles._edges: 1e+300 -> 1e+300 #2": _FASTER,
    "sql.percentiles._edges: 1000000.0 -> 1000001.0": _FASTER,
    "sql.percentiles._edges: step / 1000000.0 -> step * 1000000.0": _FASTER,
    "rollup.concurrency_by_day._overlap: noted.until >= start -> noted.until > start": _UNTIL,
    "rollup.concurrency_by_day.forget_within: noted.until < until -> noted.until <= until": _UNTIL,
    "rollup.concurrency_by_day.forget_within: noted.since >= since -> noted.since > since": _FASTER,
    "rollup.questions.runs_by_day: join -> outerjoin: ExecutionDay": _NO_RUNS,
    "rollup.questions.all_runs: predicate dropped: ExecutionDay.workspace_id == workspa…": _EXCLUDED,
    "rollup.questions.all_runs: predicate dropped: run.workspace_id == workspace_id": _EXCLUDED,
    "rollup.questions._gaps: predicate dropped: spans.c.start_at < spans.c.end_at": _EXCLUDED,
    "rollup.questions._gaps: spans.c.start_at < spans.c.end_at -> spans.c.start_at <…": _EXCLUDED,
    "rollup.concurrency_by_day._days_by_level: predicate dropped: missing": _FASTER,
    "rollup.concurrency_by_day._days_by_level: predicate dropped: missing #2": _FASTER,
    "rollup.concurrency_by_day._days_by_level: predicate dropped: days.c.start_at >= first": _FASTER,
    "rollup.concurrency_by_day._days_by_level: predicate dropped: days.c.end_at <= last": _FASTER,
    "rollup.concurrency_by_day._days_by_level: predicate dropped: missing #3": _FASTER,
    "rollup.concurrency_by_day.select_concurrency: join -> outerjoin: days": _FOREIGN_KEY,
    "sql.distribution._interpolated: max -> min: ranked.c.last": _ONE,
    "sql.distribution._interpolated: predicate dropped: near": _FASTER,
    "sql.distribution._interpolated: max -> min: ranked.c.mean": _ONE,
    "sql.distribution._percentile: max -> min: case((ranked.c.rank == rank, ranked.c.numbe…": _ONE,
    "sql.distribution._percentile: max -> min: case((ranked.c.rank == rank + 1, ranked.c.n…": _ONE,
    "sql.distribution._percentile: max -> min: share_above(ranked.c.last, p)": _ONE,
    "sql.percentiles.ranked_from_index: 1.0 -> 2.0": _ANY,
    "sql.percentiles.ranked_from_index: rank < groups.c.last -> rank <= groups.c.last": _TWICE,
    "sql.percentiles.ranked_from_index: step dropped: ....limit(2)": _FASTER,
    "sql.percentiles.ranked_from_index: 2 -> 3": _FASTER,
    "sql.percentiles.ranked_from_index: join -> outerjoin: from_greatest": _FOREIGN_KEY,
    "sql.percentiles.ranked_from_index: join -> outerjoin: wanted": _FOREIGN_KEY,
    "sql.percentiles.ranked_from_index: groups.c.last >= 0 -> groups.c.last > 0": _TWICE,
    "sql.percentiles.ranked_from_index: 0 -> 1 #2": _TWICE,
    "sql.percentiles.ranked_from_index: groups.c.last >= 0 -> groups.c.last > 0 #2": _TWICE,
    "sql.percentiles.ranked_from_index: 0 -> 1 #4": _TWICE,
    "questions.durations._indexed: 1 -> 2": _FASTER,
    "questions.durations._indexed: len(statuses) == 1 -> len(statuses) != 1": _FASTER,
    "questions.durations._indexed: since is until is None -> since is not until is None": _FASTER,
    "questions.durations.select_waits: since is until is None -> since is not until is None": _FASTER,
    "questions.concurrency.changes_of_level: at(now) > since -> at(now) >= since": _CANCELS,
    "questions.concurrency.changes_of_level: predicate dropped: at(now) > since": _NO_SUM,
    "questions.concurrency.changes_of_level: spans.c.ended_at < until -> spans.c.ended_at <= until": _WITH_END,
    "questions.concurrency.changes_of_level: spans.c.started_at < since -> spans.c.started_at <= sin…": _CANCELS,
    "questions.governance.human_review.select_interventions_by_agent: key dropped: Agent.name": _GROUPED,
    "questions.concurrency.DAY: 86400000000 -> 86400000001": _ANY,
    "questions.concurrency.levels_by_bucket: join -> outerjoin: per_bucket": _FOREIGN_KEY,
    "questions.concurrency._per_bucket: max -> min: levels.c.mark": _ONE,
    "questions.concurrency._per_bucket: max -> min: case((levels.c.mark.is_not(None), levels.c.…": _ONE,
    "questions.concurrency.changes_of_level: run.completed_at > since -> run.completed_at >= since": _CANCELS,
    "questions.steps._defined: element dropped: Workflow": _EXCLUDED,
    "questions.steps._defined: element dropped: WorkflowStep": _EXCLUDED,
    "questions.steps._defined: element dropped: WorkflowVersion": _EXCLUDED,
    "questions.steps._defined: join -> outerjoin: WorkflowStep": _EXCLUDED,
    "questions.steps._defined: join -> outerjoin: WorkflowVersion": _EXCLUDED,
    "questions.steps._defined: predicate dropped: *(each.workspace_id == workspace_id …": _EXCLUDED,
    "questions.steps._done: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "questions.critical_paths._path: union_all -> union: ....join(path, and_(path.c.executio…": _ONE,
    "questions.canvases.select_canvas_actions: key dropped: Canvas.status": _GROUPED,
    "questions.canvases.select_canvas_actions: key dropped: Canvas.type": _GROUPED,
    "questions.canvases.select_canvas_actions: join -> outerjoin: Canvas": _FOREIGN_KEY,
    "questions.canvases.select_canvas_actions_by_type: join -> outerjoin: Canvas": _FOREIGN_KEY,
    "questions.critical_paths._last_dependency: join -> outerjoin: WorkflowStep": _FOREIGN_KEY,
    "questions.critical_paths._spans: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "questions.critical_paths.select_critical_paths: join -> outerjoin: spans": _FOREIGN_KEY,
    "questions.debugging.select_hottest_breakpoints: join -> outerjoin: Workflow": _FOREIGN_KEY,
    "questions.debugging.select_trace_durations: join -> outerjoin: DebugSession": _FOREIGN_KEY,
    "questions.debugging.select_trace_durations: join -> outerjoin: Workflow": _FOREIGN_KEY,
    "questions.failures.select_step_errors: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "questions.record_lists.select_stuck_executions: join -> outerjoin: Agent": _FOREIGN_KEY,
    "questions.record_lists.select_stuck_workflow_executions: join -> outerjoin: Workflow": _FOREIGN_KEY,
    "questions.governance.maturity.select_agents_by_maturity_and_status: join -> outerjoin: statuses": _FOREIGN_KEY,  # noqa: E501
    "questions.governance.human_review.select_interventions_by_agent: join -> outerjoin: Agent": _FOREIGN_KEY,
    "questions.governance.human_review.select_training_outcomes_by_category: join -> outerjoin: Agent": _FOREIGN_KEY,  # noqa: E501
    "questions.steps.select_branch_frequencies: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "questions.steps.select_slowest_steps: join -> outerjoin: WorkflowExecution": _FOREIGN_KEY,
    "questions.steps.select_step_performance: join -> outerjoin: defined": _FOREIGN_KEY,
    "questions.workflows.select_queue_and_run_time: join -> outerjoin: runs": _FOREIGN_KEY,
    "questions.workflows.select_queue_and_run_time: join -> outerjoin: waits": _FOREIGN_KEY,
    "questions.canvases.select_active_canvases: join -> outerjoin: active": _EXCLUDED,
    "questions.canvases.select_active_canvases: predicate dropped: Canvas.workspace_id == workspace_id": _EXCLUDED,
    "questions.canvases.select_active_canvases: predicate dropped: CanvasAudit.workspace_id == workspac…": _EXCLUDED,  # noqa: E501  one name
    "questions.critical_paths._last_dependency: join -> outerjoin: dependency": _EXCLUDED,
    "questions.critical_paths._last_dependency: join -> outerjoin: earlier": _EXCLUDED,
    "questions.critical_paths._last_dependency: predicate dropped: WorkflowStep.workspace_id == workspa…": _EXCLUDED,  # noqa: E501  one name
    "questions.governance.maturity._episodes: predicate dropped: AgentExecution.workspace_id == works…": _EXCLUDED,
    "questions.governance.maturity._interventions: predicate dropped: SupervisionSession.workspace_id == w…": _EXCLUDED,  # noqa: E501
    "questions.governance.maturity.select_leaderboard: predicate dropped: AgentExecution.workspace_id == works…": _EXCLUDED,  # noqa: E501
    "questions.steps.of_scope: predicate dropped: _step.workspace_id == scope['workspa…": _EXCLUDED,
    "questions.steps.select_step_performance: predicate dropped: Workflow.workspace_id == workspace_id": _EXCLUDED,
    "questions.lifecycles.select_time_in_state: predicate dropped: stays.c.left_at.is_not(None)": _NULLS,
    "questions.governance.proposals.select_approval_latency: predicate dropped: Proposal.reviewed_at.is_not(None)": _NULLS,  # noqa: E501
    "questions.governance.triggers.select_time_to_resolution: predicate dropped: BlockedTrigger.resolved_at.is_not(No…": _NULLS,  # noqa: E501  one name
    "questions.workflows.select_queue_and_run_time: predicate dropped: execution.started_at.is_not(None)": _NULLS,
    "questions.critical_paths._spans: max -> min: _step.position": _ONE,
    "questions.durations.select_durations: distribution: by dropped: ()": _ONE,
    "questions.governance.maturity.select_agents_by_maturity_and_status: func.count(Agent.id) -> func.count(Agent.id.distinct())": _ONE,  # noqa: E501  one name
    "questions.governance.proposals.select_proposal_funnel: func.count(proposal.id) -> func.count(proposal.id.disti…": _ONE,  # noqa: E501
    "questions.governance.maturity.select_maturity_changes: 0 -> 1 #2": _NO_SELF,
    "questions.governance.maturity.select_maturity_changes: went < 0 -> went <= 0": _NO_SELF,
    "questions.governance.maturity.select_maturity_changes: went > 0 -> went >= 0": _NO_SELF,
    "sql.buckets.bucket_edges: edge > since -> edge >= since": _NOT_EQUAL,
    "sql.buckets._first_edge: 1 -> 2": _ANY,
    "sql.buckets._first_edge: 1 -> 2 #2": _ANY,
    "sql.buckets._first_edge: 1970 -> 1971": _ANY,
    "sql.buckets._next_edge: 12 -> 13": _ANY,
    "sql.buckets.table_of_edges: 1 -> 2": _ANY,
    "sql.buckets.table_of_edges: func.row_number().over(order_by=start) - 1 -> func.row_…": _ANY,
    "sql.buckets.table_of_edges: over: order_by dropped: start #2": _ANY,
    "questions.series._counted_in: join -> outerjoin: grouped": _FOREIGN_KEY,
    "questions.governance.maturity._rank: 1 -> 2": _ANY,
    "questions.governance.maturity.select_graduation_readiness: 1 -> 2": _ANY,
    "questions.governance.proposals.select_approval_rate_by_reviewer: 1 -> 2": _ANY,
    "questions.lifecycles.select_unmoved_records: 100 -> 101": _LIMIT,
}
