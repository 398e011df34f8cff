"""The first words of a report: how much ran, of workflows and of agents, and what needs attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from controlplane.analytics.report.formatting import is_number, span_text, value_text

if TYPE_CHECKING:
    from controlplane.analytics.report.build import Answer, Report

OPEN_WORKFLOW = ("pending", "running", "paused", "waiting", "compensating")


class Figure(NamedTuple):
    """One number with its name; `tone` is a class of the page's style."""

    name: str
    text: str
    tone: str = ""


def records(answer: Answer) -> list[dict[str, Any]]:
    """Return the rows of an answer by column."""
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def has_only_zeros(answer: Answer) -> bool:
    """Return whether there are no rows, or only what is listed in any case, with nothing but zeros."""
    if any(name.endswith("_id") or name == "id" for name in answer.columns):
        return not answer.rows
    return not any(value for row in answer.rows for value in row if is_number(value))


def summarise(report: Report) -> list[Figure]:
    """Return the figures of what there is: nothing of workflows or of agents where none ran."""
    return [*_workflows(report), *_runs(report), *_waiting(report)]


def sentence(report: Report) -> str:
    """Return the summary in one line; `Nothing ran in this window.` where that is so."""
    figures = summarise(report)
    return "   ".join(f"{figure.name}: {figure.text}" for figure in figures) or "Nothing ran in this window."


def _workflows(report: Report) -> list[Figure]:
    counts = {row["status"]: row["executions"] for row in records(report.answer("workflow_executions_by_status"))}
    total = sum(counts.values())
    if not total:
        return []
    failed, unfinished = counts.get("failed", 0), sum(counts.get(status, 0) for status in OPEN_WORKFLOW)
    ended = counts.get("completed", 0) + failed
    found = [
        Figure("Workflow executions", f"{total:,}"),
        Figure("Workflows completed", f"{counts.get('completed', 0):,}"),
        Figure("Workflows failed", f"{failed:,}", "bad" if failed else ""),
    ]
    if ended:
        found.append(Figure("Workflow success", value_text("rate", counts.get("completed", 0) / ended)))
    if unfinished:
        found.append(Figure("Workflows not ended", f"{unfinished:,}"))
    stuck = len(report.answer("stuck_workflow_executions").rows)
    return [*found, *([Figure("Workflows stuck", f"{stuck:,}", "bad")] if stuck else [])]


def _runs(report: Report) -> list[Figure]:
    (rate,) = records(report.answer("success_rate"))
    if not rate["runs"]:
        return []
    (took,) = records(report.answer("durations"))
    peak = max((row["peak"] for row in records(report.answer("concurrency"))), default=0)
    stuck = len(report.answer("stuck_executions").rows)
    found = [
        Figure("Agent runs", f"{rate['runs']:,}"),
        Figure("Agent success", value_text("rate", rate["success_rate"])),
        Figure("Agent failures", f"{rate['failures']:,}", "bad" if rate["failures"] else ""),
        Figure("Concurrent agent runs, at most", f"{peak:,}"),
    ]
    if took["median"] is not None:
        found += [
            Figure("Median run", span_text(took["median"])),
            Figure("95th percentile", span_text(took["p95"])),
        ]
    return [*found, *([Figure("Agent runs stuck", f"{stuck:,}", "bad")] if stuck else [])]


def _waiting(report: Report) -> list[Figure]:
    proposals = sum(row["pending"] for row in records(report.answer("proposal_funnel")))
    return [Figure("Proposals waiting", f"{proposals:,}")] if proposals else []
