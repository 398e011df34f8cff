"""The report as one self-contained page: nothing is fetched, no script runs; it prints and follows dark mode."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

from controlplane.analytics.report.charts import (
    Line,
    bars,
    columns,
    legend,
    lines,
)
from controlplane.analytics.report.formatting import (
    heading,
    span_text,
    value_text,
)
from controlplane.analytics.report.layout import columns_of
from controlplane.analytics.report.stylesheet import STYLE
from controlplane.escaping import html_text

if TYPE_CHECKING:
    from datetime import datetime

    from controlplane.analytics.report.build import Answer, Report
    from controlplane.analytics.report.layout import Column

MOST_ROWS = 50
MOST_BARS = 12


def page(report: Report) -> str:
    """Write the page: the figures first, then the charts, then every answer as a table."""
    scope, name = report.scope, html_text(report.workspace)
    span = f"{scope.since:%Y-%m-%d %H:%M} to {scope.until:%Y-%m-%d %H:%M} UTC"
    tables = "".join(_table(answer) for answer in report.answers)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}: agents and workflows</title><style>{STYLE}</style></head><body>"
        f"<header><h1>{name}</h1><p>{html_text(span)}</p></header>"
        f'<main><section class="figures">{_figures(report)}</section>'
        f'<section class="charts">{_charts(report)}</section>'
        f"<section><h2>Every answer</h2>{tables}</section></main></body></html>\n"
    )


def _records(answer: Answer) -> list[dict[str, Any]]:
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def _figures(report: Report) -> str:
    (rate,) = _records(report.answer("success_rate"))
    (took,) = _records(report.answer("durations"))
    stuck = len(report.answer("stuck_executions").rows)
    peak = max((row["peak"] for row in _records(report.answer("concurrency"))), default=0)
    proposals = sum(row["pending"] for row in _records(report.answer("proposal_funnel")))
    figures = (
        ("Runs", f"{rate['runs']:,}", ""),
        ("Success rate", value_text("rate", rate["success_rate"]), ""),
        ("Failures", f"{rate['failures']:,}", "bad" if rate["failures"] else ""),
        ("Median", "–" if took["median"] is None else span_text(took["median"]), ""),  # noqa: RUF001
        ("95th percentile", "–" if took["p95"] is None else span_text(took["p95"]), ""),  # noqa: RUF001
        ("At once, at most", f"{peak:,}", ""),
        ("Stuck", f"{stuck:,}", "bad" if stuck else ""),
        ("Proposals waiting", f"{proposals:,}", ""),
    )
    return "".join(
        f'<div class="figure {tone}"><strong>{html_text(text)}</strong><span>{html_text(name)}</span></div>'
        for name, text, tone in figures
    )


def _charts(report: Report) -> str:
    """Draw a chart of each series, then one of each of BARS."""
    charts = [(title, draw(report, title)) for title, draw in SERIES]
    charts += [(title, _bars(report, *source, title=title)) for title, *source in BARS]
    return "".join(
        f"<figure><figcaption>{html_text(title)}</figcaption>{chart}</figure>" for title, chart in charts
    )


def _runs(report: Report, title: str) -> str:
    rows = _records(report.answer("runs_over_time"))
    parts = {
        "completed": ("good", [row["successes"] for row in rows]),
        "failed": ("bad", [row["failures"] for row in rows]),
        "other": ("dim", [row["runs"] - row["successes"] - row["failures"] for row in rows]),
    }
    series = [_line(name, tone, "runs", values) for name, (tone, values) in parts.items()]
    labels = [_instant(row["start_at"], report) for row in rows]
    return legend(series) + columns(labels, series, title=f"{title}: {', '.join(parts)}")


def _failure_rate(report: Report, title: str) -> str:
    rows = _records(report.answer("rolling_failure_rate"))
    return lines(
        [f"{row['start_at']:%m-%d}" for row in rows],
        [_line("failed", "bad", "rate", [row["rolling_failure_rate"] for row in rows])],
        title=title,
        percent=True,
    )


def _under_way(report: Report, title: str) -> str:
    rows = _records(report.answer("concurrency"))
    series = [
        _line("most", "main", "peak", [row["peak"] for row in rows]),
        _line("on average", "dim", "mean_running", [row["mean_running"] for row in rows]),
    ]
    labels = [_instant(row["start_at"], report) for row in rows]
    return legend(series) + lines(labels, series, title=f"{title}: most, and on average")


SERIES = (
    ("Runs over time", _runs),
    ("Failure rate of the last 7 days", _failure_rate),
    ("Runs under way at once", _under_way),
)
# title; question, column of names, column of numbers, tone
BARS = (
    ("Success rate by agent", "success_rate_by_agent", "agent", "success_rate", "good"),
    ("Median duration by agent", "durations_by_agent", "agent", "median", "main"),
    ("Failures by error type", "failures_by_error_type", "error_type", "failures", "bad"),
    ("Runs by trigger", "executions_by_trigger", "triggered_by", "runs", "main"),
    ("Runs by workflow", "top_workflows", "workflow", "runs", "main"),
    ("Blocked triggers by decision", "blocked_triggers_by_decision", "routing_decision", "triggers", "main"),
)


def _instant(instant: datetime, report: Report) -> str:
    return f"{instant:%m-%d %H:%M}" if report.scope.bucket == "hour" else f"{instant:%m-%d}"


def _line(name: str, tone: str, column: str, values: list[Any]) -> Line:
    return Line(name, values, [value_text(column, value) for value in values], tone)


def _bars(report: Report, key: str, label: str, column: str, tone: str, *, title: str) -> str:
    rows = _records(report.answer(key))[:MOST_BARS]
    if not any(row[column] for row in rows):
        return '<p class="nothing">nothing</p>'
    names = ["(none)" if row[label] is None else str(row[label]) for row in rows]
    return bars(names, _line(heading(column), tone, column, [row[column] for row in rows]), title=title)


def _table(answer: Answer) -> str:
    title = html_text(answer.question.title)
    if not answer.rows:
        return f"<details><summary>{title} <em>nothing</em></summary></details>"
    columns = columns_of(answer, most_rows=MOST_ROWS)
    head = "".join(_cell("th", column, column.heading) for column in columns)
    rows = zip(*(column.cells for column in columns), strict=True)
    body = "".join(f"<tr>{''.join(map(_cell, repeat('td'), columns, cells))}</tr>" for cells in rows)
    more = len(answer.rows) - MOST_ROWS
    note = f"<p>{more} more rows</p>" if more > 0 else ""
    return (
        f"<details><summary>{title} <em>{len(answer.rows)}</em></summary>"
        f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}'
        "</div></details>"
    )


def _cell(tag: str, column: Column, text: str) -> str:
    kind = ' class="number"' if column.right else ""
    return f"<{tag}{kind}>{html_text(text)}</{tag}>"
