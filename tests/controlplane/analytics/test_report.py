"""The report in each of its forms."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
import uuid
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
import sqlalchemy as sa
from rich.cells import cell_len

from controlplane.analytics.questions.registry import QUESTIONS, Scope
from controlplane.analytics.report.build import Form, collect, write_report
from controlplane.analytics.report.charts import Line, lines
from controlplane.analytics.report.formatting import span_text, value_text
from controlplane.analytics.report.summary import summarise
from controlplane.analytics.report.terminal import bar, sparkline
from controlplane.errors import NotFoundError
from controlplane.models import Agent, AgentExecution, Proposal, WorkflowExecution, Workspace

WEEK = (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC))
SCOPE = Scope(workspace_id=uuid.UUID(int=1), since=WEEK[0], until=WEEK[1], now=WEEK[1])
SEEDS = ("governance_history", "workflow_history", "debug_history", "canvas_history", "lifecycle_history")
seeded = pytest.mark.seed(*SEEDS)


def written(session, form, scope=SCOPE):
    file = io.StringIO()
    write_report(session, scope=scope, form=form, file=file)
    return file.getvalue()


@seeded
def test_json_holds_every_answer(session):
    report = json.loads(written(session, Form.JSON))
    assert report["workspace"] == "Atelier"
    assert list(report["answers"]) == [question.key for question in QUESTIONS]
    assert len(report["answers"]) == len(QUESTIONS)  # no two questions share a key
    assert report["answers"]["success_rate"] == [
        {"runs": 20, "outcomes": 15, "successes": 8, "failures": 7, "success_rate": 0.533333333}
    ]
    assert report["answers"]["runs_over_time"][0]["start_at"] == "2026-01-05T00:00:00+00:00"


@seeded
def test_csv_is_tidy(session):
    rows = list(csv.DictReader(io.StringIO(written(session, Form.CSV))))
    assert set(rows[0]) == {"question", "row", "column", "value"}
    assert {"question": "success_rate", "row": "1", "column": "runs", "value": "20"} in rows
    assert {"question": "success_rate_by_agent", "row": "7", "column": "success_rate", "value": ""} in rows


@seeded
def test_the_terminal_shows_tables_and_bars(session):
    text = written(session, Form.TERMINAL)
    assert "Success rate by agent" in text
    assert "█" in text
    assert "Archivist" in text


def between(lines, begin, end):
    """The lines of one answer."""
    return lines[lines_that_begin(lines, begin) : lines_that_begin(lines, end)]


def lines_that_begin(lines, text):
    return next(number for number, line in enumerate(lines) if line.startswith(text))


@seeded
@pytest.mark.parametrize(("width", "parts"), [(40, 3), (60, 2), (80, 1), (120, 1), (200, 1)])
def test_a_narrow_terminal_loses_bars_and_deals_a_table_out_before_it_breaks_a_value(
    session, monkeypatch, width, parts
):
    monkeypatch.setenv("COLUMNS", str(width))
    scope = replace(SCOPE, since=WEEK[0].replace(hour=9, minute=30))
    lines = written(session, Form.TERMINAL, scope).splitlines()
    assert all(cell_len(line.rstrip()) <= width for line in lines)
    shown = between(lines, "Runs over time", "Rolling")
    assert sum(line.startswith("2026-01-05 09:30  ") for line in shown) == parts
    assert any("█" in line for line in shown) == (width > 80)
    words = " ".join(shown).split()
    assert {"end", "at", "runs", "successes", "failures", "mean", "time", "20.5"} <= set(words)


@seeded
def test_parts_of_a_table_begin_with_what_names_a_row_and_are_about_as_wide(session, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = written(session, Form.TERMINAL).splitlines()
    shown = [line.rstrip() for line in between(lines, "Workflows: performance", "Workflows: executions")]
    assert [line.split()[0] for line in shown if line.startswith(("Bill", "bill"))] == ["Billing", "billing"] * 2
    rules = [len(line) for line in shown if line.startswith("─")]
    assert len(rules) == 2
    assert abs(rules[0] - rules[1]) < 10


@seeded
def test_names_from_elsewhere_neither_steer_the_terminal_nor_break_its_lines(session, monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    name = "[red]x[/] [/no] \x1b[31m\nb \N{RIGHT-TO-LEFT OVERRIDE}c \N{GRINNING FACE}"
    session.execute(sa.update(Agent).where(Agent.name == "Greeter").values(name=name))
    session.execute(sa.update(Workspace).where(Workspace.id == SCOPE.workspace_id).values(name=name))
    text = written(session, Form.TERMINAL)
    seen = "[red]x[/] [/no] \\x1b[31m\\nb \\u202ec \N{GRINNING FACE}"
    assert text.splitlines()[0].strip("─ ") == seen
    assert text.count(seen) > 5
    assert "\x1b" not in text


@seeded
def test_a_long_name_is_broken_rather_than_its_numbers(session, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    session.execute(sa.update(Agent).where(Agent.name == "Invoicer").values(name="Käse" * 40))
    lines = written(session, Form.TERMINAL).splitlines()
    shown = between(lines, "Success rate by agent", "Durations by agent")
    assert any("KäseKäse" in line and line.rstrip().endswith("83.3%") for line in shown)
    assert sum(line.count("Käse") for line in shown) == 40


@seeded
def test_zero_columns_are_listed_below_the_table(session):
    text = written(session, Form.TERMINAL)
    *_, last = text.rstrip().split("\n\n")
    assert " ".join(last.split()) == "Nothing to show: Interventions by type"
    until = replace(SCOPE, since=datetime(2020, 1, 1, tzinfo=UTC), until=datetime(2020, 1, 8, tzinfo=UTC))
    text = " ".join(written(session, Form.TERMINAL, until).split())
    assert "Nothing to show: Runs: success rate, Runs: durations, Runs over time," in text
    assert "Time range of the runs first at last at runs" in text  # for any window


@seeded
def test_a_long_series_ends_with_all_of_it(session, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    scope = replace(SCOPE, since=datetime(2025, 12, 15, tzinfo=UTC))
    lines = written(session, Form.TERMINAL, scope).splitlines()
    shown = between(lines, "Runs over time", "Rolling")
    assert shown[-2].split() == ["28", "rows", "▁" * 20 + "▂▆▃▅▃█▃▃"]


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


@seeded
def test_the_page_fetches_nothing(session):
    text = written(session, Form.HTML)
    tags = Tags()
    tags.feed(text)
    names = {tag for tag, _ in tags.seen}
    assert not names & {"script", "link", "img", "iframe"}
    assert not [attrs for _, attrs in tags.seen if {"src", "href"} & set(attrs)]
    assert "url(" not in text
    kinds = [attrs["class"] for tag, attrs in tags.seen if tag == "svg"]
    assert (kinds.count("wide"), kinds.count("narrow")) == (4, 4)
    assert sum(tag == "ul" for tag, _ in tags.seen) == 6


@seeded
def test_the_page_escapes_names(session):
    session.execute(sa.update(Agent).values(name="<b>&"))
    text = written(session, Form.HTML)
    assert "<b>" not in text
    assert "&lt;b&gt;&amp;" in text


@seeded
def test_a_table_of_the_page_names_each_column_once(session):
    tables = written(session, Form.HTML).split("<thead>")[1:]
    heads = [re.findall(r"<th[^>]*>([^<]*)</th>", table.split("</thead>")[0]) for table in tables]
    assert heads
    assert [head for head in heads if len(set(head)) < len(head)] == []


def test_page_of_an_empty_workspace_draws_nothing_and_names_what_is_empty(session):
    session.execute(sa.insert(Workspace).values(id=SCOPE.workspace_id, name="Empty"))
    text = written(session, Form.HTML)
    assert "Nothing ran in this window." in text
    assert "<svg" not in text
    assert "<figure>" not in text
    assert "Nothing to draw: Workflow executions over time, " in text
    assert text.count("No rows: ") == 1
    assert "Nothing ran in this window." in written(session, Form.TERMINAL)


@pytest.mark.seed("workflow_history")
def test_report_of_workflows_alone_begins_with_them(session):
    session.execute(sa.update(Agent).values(category="none"))
    text = written(session, Form.TERMINAL)
    assert text.index("Workflow executions: ") < text.index("Workflows: performance")
    assert "Agent runs: " not in text
    page = written(session, Form.HTML)
    assert "<dt>Workflow executions</dt>" in page
    assert "<dt>Agent runs</dt>" not in page
    assert page.index("<figcaption>Workflow executions over time") < page.index(
        "<figcaption>Executions by workflow"
    )


def rows_of_the_week(session, model):
    rows = [row for row in session.execute(sa.select(model.__table__)) if row.workspace_id == SCOPE.workspace_id]
    return [row for row in rows if WEEK[0] <= row.created_at < WEEK[1]]


def percentile(values, part):
    """Interpolate between the two nearest of the sorted values."""
    ordered, place = sorted(values), part * (len(values) - 1)
    low = int(place)
    return ordered[low] + (place - low) * (ordered[min(low + 1, len(ordered) - 1)] - ordered[low])


@seeded
def test_summary_is_that_of_the_rows_in_plain_python(session):
    """No figure of the first lines is taken from a builder."""
    workflows, runs = (rows_of_the_week(session, model) for model in (WorkflowExecution, AgentExecution))
    proposals = rows_of_the_week(session, Proposal)
    flow, agent = Counter(row.status for row in workflows), Counter(row.status for row in runs)
    took = [row.duration_seconds for row in runs if row.status == "completed" and row.duration_seconds is not None]
    completed, failed = agent["completed"], agent["failed"] + agent["timeout"]
    shown = {figure.name: figure.text for figure in summarise(collect(session, scope=SCOPE))}
    expected = {
        "Workflow executions": str(len(workflows)),
        "Workflows completed": str(flow["completed"]),
        "Workflows failed": str(flow["failed"]),
        "Workflow success": f"{flow['completed'] / (flow['completed'] + flow['failed']):.1%}",
        "Workflows not ended": str(len(workflows) - flow["completed"] - flow["failed"] - flow["cancelled"]),
        "Agent runs": str(len(runs)),
        "Agent success": f"{completed / (completed + failed):.1%}",
        "Agent failures": str(failed),
        "Median run": f"{percentile(took, 0.5):.1f} s",
        "95th percentile": f"{percentile(took, 0.95):.1f} s",
        "Proposals waiting": str(sum(row.status == "pending" for row in proposals)),
    }
    assert {name: shown[name] for name in expected} == expected
    assert set(shown) - set(expected) == {"Workflows stuck", "Agent runs stuck", "Concurrent agent runs, at most"}


@pytest.mark.parametrize(
    ("values", "percent", "ticks"),
    [
        ([0], False, ["0", "1"]),
        ([1], False, ["0", "1"]),
        ([5, 3], False, ["0", "1", "2", "3", "4", "5"]),
        ([7], False, ["0", "2", "4", "6", "8"]),
        ([1234], False, ["0", "500", "1000", "1500"]),
        ([12_345], False, ["0", "5000", "10k", "15k"]),
        ([9_876_543], False, ["0", "2M", "4M", "6M", "8M", "10M"]),
        ([0.6], True, ["0%", "20%", "40%", "60%"]),
        ([0.07], True, ["0%", "2%", "4%", "6%", "8%"]),
        ([None], True, ["0%", "100%"]),
    ],
)
def test_an_axis_has_round_numbers_and_whole_ones_for_counts(values, percent, ticks):
    line = Line("line", values, [""] * len(values), "main")
    drawn = lines([""] * len(values), [line], title="", percent=percent)
    assert re.findall(r'text-anchor="end">([^<]*)</text>', drawn) == ticks


def test_an_unknown_workspace_is_refused(session):
    with pytest.raises(NotFoundError):
        written(session, Form.JSON)


@seeded
@pytest.mark.parametrize("form", Form)
def test_an_empty_workspace_has_a_report(session, form):
    session.execute(
        sa.text("INSERT INTO workspace (id, name) VALUES ('0000000000000000000000000000000f', 'Empty')")
    )
    scope = Scope(workspace_id=uuid.UUID(int=15), since=WEEK[0], until=WEEK[1], now=WEEK[1])
    assert "Empty" in written(session, form, scope) or form is Form.CSV


@seeded
def test_every_question_is_one_statement(session):
    statements = []
    listener = lambda *event: statements.append(event[2])  # noqa: E731
    sa.event.listen(session.get_bind(), "before_cursor_execute", listener)
    collect(session, scope=SCOPE)
    sa.event.remove(session.get_bind(), "before_cursor_execute", listener)
    assert len(statements) == len(QUESTIONS) + 2  # and the name of the workspace, and whether it keeps sums


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.key)
def test_question_takes_all_that_its_builder_can_get_from_a_scope(question):
    parameters = inspect.signature(question.builder).parameters
    facts = {*vars(SCOPE), "bucket", "longer_than"}
    assert {"workspace_id", *question.takes} == facts & set(parameters)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0.0 s"), (0.00025, "0.25 ms"), (1.5, "1.5 s"), (150, "2.5 min"), (9000, "2.5 h"), (216000, "2.5 d")],
)
def test_spans_have_a_unit_that_fits(seconds, text):
    assert span_text(seconds) == text


def test_values_are_written_by_what_they_mean():
    assert value_text("success_rate", 0.5) == "50.0%"
    assert value_text("runs", 1234) == "1,234"
    assert value_text("enabled", False) == "no"
    assert value_text("start_at", WEEK[0]) == "2026-01-05"
    assert value_text("start_at", datetime(2026, 1, 5, 9, 30, tzinfo=UTC)) == "2026-01-05 09:30"
    assert value_text("start_at", datetime(2026, 1, 5, 9, 30, 1, tzinfo=UTC)) == "2026-01-05 09:30:01"
    assert value_text("mean_running", 1.5) == "1.50"
    assert value_text("error_type", None) == "–"  # noqa: RUF001


def test_bars_and_sparklines():
    assert bar(4, [4, 2]) == "█" * 16
    assert bar(1, [4, 2]) == "████"
    assert bar(None, [None, 1]) == ""
    assert sparkline([0, None, 7]) == "▁ █"
