"""The report as one self-contained page: nothing is fetched, no script runs; it prints and follows dark mode."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING, Any

from controlplane.analytics.report.charts import NARROW, WIDE, Line, bars, columns, legend, lines
from controlplane.analytics.report.formatting import heading, value_text
from controlplane.analytics.report.layout import columns_of
from controlplane.analytics.report.stylesheet import STYLE
from controlplane.analytics.report.summary import records, summarise
from controlplane.escaping import html_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from controlplane.analytics.report.build import Answer, Report
    from controlplane.analytics.report.layout import Column

MOST_ROWS = 50
MOST_BARS = 12


def page(report: Report) -> str:
    """Write the page: a summary, the charts that show something, every answer that has rows."""
    scope, name = report.scope, html_text(report.workspace)
    span = f"{scope.since:%Y-%m-%d %H:%M} to {scope.until:%Y-%m-%d %H:%M} UTC"
    tables = "".join(_table(answer) for answer in report.answers if answer.rows)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{name}: agents and workflows</title><style>{STYLE}</style></head><body>"
        f"<header><h1>{name}</h1><p>{html_text(span)}</p></header>"
        f"<main>{_figures(report)}{_charts(report)}"
        f"<section><h2>Every answer</h2>{tables}{_empty(report)}</section></main></body></html>\n"
    )


def _figures(report: Report) -> str:
    figures = summarise(report)
    if not figures:
        return '<p class="nothing">Nothing ran in this window.</p>'
    shown = "".join(
        f'<div class="figure {figure.tone}"><dt>{html_text(figure.name)}</dt>'
        f"<dd>{html_text(figure.text)}</dd></div>"
        for figure in figures
    )
    return f'<section><h2 class="unseen">Summary</h2><dl class="figures">{shown}</dl></section>'


def _charts(report: Report) -> str:
    """Draw a chart of each series, then one of each of BARS; those with nothing to draw are named in one line."""
    charts = [(title, draw(report, title)) for title, draw in SERIES]
    charts += [(title, _bars(report, *source, title=title)) for title, *source in BARS]
    drawn = "".join(
        f"<figure><figcaption>{html_text(title)}</figcaption>{chart}</figure>" for title, chart in charts if chart
    )
    empty = ", ".join(title for title, chart in charts if not chart)
    note = f'<p class="nothing">Nothing to draw: {html_text(empty)}.</p>' if empty else ""
    return f'<section><h2 class="unseen">Charts</h2><div class="charts">{drawn}</div>{note}</section>'


def _empty(report: Report) -> str:
    empty = ", ".join(answer.question.title for answer in report.answers if not answer.rows)
    return f'<p class="nothing">No rows: {html_text(empty)}.</p>' if empty else ""


def _both(draw: Callable[[int], str]) -> str:
    """Draw a chart for wide and for narrow screens, of which the page shows one: shrunk text can't be read."""
    return draw(WIDE) + draw(NARROW)


def _outcomes(report: Report, key: str, title: str) -> str:
    rows = records(report.answer(key))
    if not any(row["runs"] for row in rows):
        return ""
    parts = {
        "completed": ("good", [row["successes"] for row in rows]),
        "failed": ("bad", [row["failures"] for row in rows]),
        "other": ("dim", [row["runs"] - row["successes"] - row["failures"] for row in rows]),
    }
    series = [_line(name, tone, "runs", values) for name, (tone, values) in parts.items()]
    labels = [_instant(row["start_at"], report) for row in rows]
    named = f"{title}: {', '.join(parts)}"
    return legend(series) + _both(lambda width: columns(labels, series, title=named, width=width))


def _workflow_executions(report: Report, title: str) -> str:
    return _outcomes(report, "workflow_runs_over_time", title)


def _runs(report: Report, title: str) -> str:
    return _outcomes(report, "runs_over_time", title)


def _failure_rate(report: Report, title: str) -> str:
    rows = records(report.answer("rolling_failure_rate"))
    rates = [row["rolling_failure_rate"] for row in rows]
    if not any(rates):
        return ""
    labels = [f"{row['start_at']:%m-%d}" for row in rows]
    line = _line("failed", "bad", "rate", rates)
    return _both(lambda width: lines(labels, [line], title=title, percent=True, width=width))


def _under_way(report: Report, title: str) -> str:
    rows = records(report.answer("concurrency"))
    if not any(row["peak"] for row in rows):
        return ""
    series = [
        _line("most", "main", "peak", [row["peak"] for row in rows]),
        _line("on average", "dim", "mean_running", [row["mean_running"] for row in rows]),
    ]
    labels = [_instant(row["start_at"], report) for row in rows]
    named = f"{title}: most, and on average"
    return legend(series) + _both(lambda width: lines(labels, series, title=named, width=width))


SERIES = (
    ("Workflow executions over time", _workflow_executions),
    ("Agent runs over time", _runs),
    ("Agent runs: failure rate of the last 7 days", _failure_rate),
    ("Concurrent agent runs", _under_way),
)
# title; question, column of names, column of numbers, tone
BARS = (
    ("Executions by workflow", "top_workflows", "workflow", "runs", "main"),
    ("Success rate by agent", "success_rate_by_agent", "agent", "success_rate", "good"),
    ("Median duration by agent", "durations_by_agent", "agent", "median", "main"),
    ("Agent failures by error type", "failures_by_error_type", "error_type", "failures", "bad"),
    ("Agent runs by trigger", "executions_by_trigger", "triggered_by", "runs", "main"),
    ("Blocked triggers by decision", "blocked_triggers_by_decision", "routing_decision", "triggers", "main"),
)


def _instant(instant: datetime, report: Report) -> str:
    return f"{instant:%m-%d %H:%M}" if report.scope.bucket == "hour" else f"{instant:%m-%d}"


def _line(name: str, tone: str, column: str, values: list[Any]) -> Line:
    return Line(name, values, [value_text(column, value) for value in values], tone)


def _bars(report: Report, key: str, label: str, column: str, tone: str, *, title: str) -> str:
    rows = records(report.answer(key))[:MOST_BARS]
    if not any(row[column] for row in rows):
        return ""
    names = ["(none)" if row[label] is None else str(row[label]) for row in rows]
    return bars(names, _line(heading(column), tone, column, [row[column] for row in rows]), title=title)


def _table(answer: Answer) -> str:
    title = html_text(answer.question.title)
    columns = columns_of(answer, most_rows=MOST_ROWS)
    head = "".join(_cell("th", column, column.heading) for column in columns)
    rows = zip(*(column.cells for column in columns), strict=True)
    body = "".join(f"<tr>{''.join(map(_cell, repeat('td'), columns, cells))}</tr>" for cells in rows)
    more = len(answer.rows) - MOST_ROWS
    note = f"<p>{more} more rows</p>" if more > 0 else ""
    return (
        f"<details><summary>{title} <em>{len(answer.rows)}</em></summary>"
        f'<div class="scroll" tabindex="0" role="region" aria-label="{title}">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{note}"
        "</div></details>"
    )


def _cell(tag: str, column: Column, text: str) -> str:
    kind = (' class="number"' if column.right else "") + (' scope="col"' if tag == "th" else "")
    return f"<{tag}{kind}>{html_text(text)}</{tag}>"
