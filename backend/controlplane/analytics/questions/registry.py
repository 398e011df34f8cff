"""Every question under its name, so that a report, a dashboard or a benchmark can ask them all alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from controlplane.analytics.questions import (
    canvases,
    concurrency,
    debugging,
    durations,
    executions,
    failures,
    lifecycles,
    record_lists,
    series,
    steps,
    workflows,
)
from controlplane.analytics.questions.governance import human_review, maturity, proposals, triggers
from controlplane.analytics.rollup import concurrency_by_day
from controlplane.analytics.rollup import questions as daily_sums
from controlplane.analytics.sql.buckets import WHOLE_DAYS, Bucket

if TYPE_CHECKING:
    import uuid
    from collections.abc import Callable
    from datetime import datetime

    from controlplane.analytics.sql.portable import Rows

STUCK_AFTER = timedelta(hours=1)
FINE_WINDOW = timedelta(days=2)  # up to here a chart shows hours
COARSE_WINDOW = timedelta(days=120)  # from here weeks
WINDOW = ("since", "until")
OVER_TIME = (*WINDOW, "bucket", "timezone")


@dataclass(frozen=True)
class Question:
    """A question: its title, the builder of its statement, and the arguments that the builder gets.

    Attributes:
        takes: the arguments that come from the scope of a report, besides the workspace.
        options: arguments of this question's own.
        from_sums: builds the same from daily sums, where that is possible; sums have the days of UTC.
    """

    title: str
    builder: Callable[..., Rows]
    options: tuple[tuple[str, Any], ...] = ()
    from_sums: Callable[..., Rows] | None = None
    takes: tuple[str, ...] = WINDOW

    @property
    def key(self) -> str:
        """The name in JSON and CSV."""
        name = self.builder.__name__.removeprefix("select_")
        return "_".join([name, *(str(value) for key, value in self.options if key == "record_kind")])


@dataclass(frozen=True)
class Scope:
    """Of whom and of when a report is."""

    workspace_id: uuid.UUID
    since: datetime
    until: datetime
    now: datetime
    timezone: str = "UTC"
    limit: int = 10

    @property
    def bucket(self) -> Bucket:
        """The width of bucket that gives a readable chart of the window."""
        width = self.until - self.since
        return Bucket.HOUR if width <= FINE_WINDOW else Bucket.WEEK if width >= COARSE_WINDOW else Bucket.DAY

    def statement(self, question: Question, *, sums: bool = False) -> Rows:
        """Build the statement of a question; of daily sums where they serve."""
        known = {**vars(self), "bucket": self.bucket, "longer_than": STUCK_AFTER}
        takes = {name: known[name] for name in ("workspace_id", *question.takes)} | dict(question.options)
        if question.from_sums is None or not sums or not self._is_of_whole_days(question):
            return question.builder(**takes)
        takes.pop("timezone", None)
        return question.from_sums(**takes)

    def _is_of_whole_days(self, question: Question) -> bool:
        """Return whether everything that a question divides is divided where days of UTC begin."""
        return ("timezone" not in question.takes or self.timezone == "UTC") and (
            "bucket" not in question.takes or self.bucket in WHOLE_DAYS
        )


QUESTIONS = (
    Question("Runs: success rate", executions.select_success_rate, from_sums=daily_sums.select_success_rate),
    Question("Runs: durations", durations.select_durations),
    Question(
        "Runs over time", series.select_runs_over_time, from_sums=daily_sums.select_runs_over_time, takes=OVER_TIME
    ),
    Question(
        "Rolling 7-day failure rate",
        series.select_rolling_failure_rate,
        from_sums=daily_sums.select_rolling_failure_rate,
        takes=(*WINDOW, "timezone"),
    ),
    Question(
        "Week over week",
        series.select_week_over_week,
        from_sums=daily_sums.select_week_over_week,
        takes=(*WINDOW, "timezone"),
    ),
    Question(
        "Runs under way",
        concurrency.select_concurrency,
        from_sums=concurrency_by_day.select_concurrency,
        takes=(*OVER_TIME, "now"),
    ),
    Question(
        "Runs by status", executions.select_executions_by_status, from_sums=daily_sums.select_executions_by_status
    ),
    Question("Runs by trigger", executions.select_executions_by_trigger),
    Question(
        "Runs by agent", executions.select_executions_by_agent, from_sums=daily_sums.select_executions_by_agent
    ),
    Question(
        "Success rate by agent",
        executions.select_success_rate_by_agent,
        from_sums=daily_sums.select_success_rate_by_agent,
    ),
    Question("Durations by agent", durations.select_durations_by_agent),
    Question("Waits by trigger", durations.select_waits),
    Question("Failures by error type", executions.select_failures_by_error_type),
    Question("Stuck runs", record_lists.select_stuck_executions, takes=("now", "longer_than")),
    Question("Newest runs", record_lists.select_newest_executions, takes=("limit",)),
    Question("Time range of the runs", record_lists.select_execution_time_range, takes=()),
    Question("Workflows: performance", workflows.select_workflow_performance),
    Question("Workflows: executions by status", workflows.select_workflow_executions_by_status),
    Question("Workflows: executions over time", series.select_workflow_runs_over_time, takes=OVER_TIME),
    Question("Workflows: failures", failures.select_workflow_failures),
    Question(
        "Workflows: stuck executions", record_lists.select_stuck_workflow_executions, takes=("now", "longer_than")
    ),
    Question("Workflows: most runs", workflows.select_top_workflows, takes=(*WINDOW, "limit")),
    Question("Workflows: queue and run time", workflows.select_queue_and_run_time),
    Question("Steps: performance", steps.select_step_performance),
    Question("Steps: slowest", steps.select_slowest_steps, takes=(*WINDOW, "limit")),
    Question("Steps: errors", failures.select_step_errors, takes=(*WINDOW, "limit")),
    Question("Steps: branches", steps.select_branch_frequencies),
    Question("Agents by maturity and status", maturity.select_agents_by_maturity_and_status, takes=()),
    Question("Promotions and demotions", maturity.select_maturity_changes, takes=OVER_TIME),
    Question("Graduation readiness", maturity.select_graduation_readiness, takes=()),
    Question(
        "Leaderboard", maturity.select_leaderboard, from_sums=daily_sums.select_leaderboard, takes=("limit",)
    ),
    Question("Blocked triggers by agent", triggers.select_blocked_triggers_by_agent),
    Question("Blocked triggers by source", triggers.select_blocked_triggers_by_source),
    Question("Blocked triggers by decision", triggers.select_blocked_triggers_by_decision),
    Question("Blocked triggers: time to resolution", triggers.select_time_to_resolution),
    Question("Blocked triggers: how they ended", triggers.select_resolution_outcomes),
    Question("Proposals: funnel", proposals.select_proposal_funnel),
    Question("Proposals: approval latency", proposals.select_approval_latency),
    Question("Proposals: approval rate by reviewer", proposals.select_approval_rate_by_reviewer),
    Question("Training outcomes by category", human_review.select_training_outcomes_by_category),
    Question("Interventions by agent", human_review.select_interventions_by_agent),
    Question("Interventions by type", human_review.select_interventions_by_type),
    Question("Supervisions by status", human_review.select_supervision_outcomes),
    Question("Feedback by agent", human_review.select_feedback_by_agent),
    Question("Feedback by status", human_review.select_feedback_by_status),
    Question("Ratings", human_review.select_rating_distribution),
    Question("Time in state", lifecycles.select_time_in_state),
    Question("Transitions", lifecycles.select_transition_counts),
    Question("Runs: how far they come", lifecycles.select_state_funnel, (("record_kind", "agent_execution"),)),
    Question(
        "Proposals without progress",
        lifecycles.select_unmoved_records,
        (("record_kind", "proposal"), ("statuses", ("pending", "approved"))),
        takes=("now", "limit"),
    ),
    Question("Canvas actions by type", canvases.select_canvas_actions_by_type),
    Question("Busiest canvases", canvases.select_canvas_actions, takes=(*WINDOW, "limit")),
    Question("Active canvases", canvases.select_active_canvases, takes=("since", "now")),
    Question("Debug sessions by status", debugging.select_debug_sessions_by_status),
    Question("Hottest breakpoints", debugging.select_hottest_breakpoints, takes=("limit",)),
    Question("Trace durations", debugging.select_trace_durations),
    Question("Most changed variables", debugging.select_most_changed_variables, takes=(*WINDOW, "limit")),
)
