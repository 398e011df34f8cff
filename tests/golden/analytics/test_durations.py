"""How long runs took: equal values, zero, one microsecond, one value, none; and how long they waited."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from controlplane.analytics.questions.durations import select_durations, select_durations_by_agent, select_waits
from controlplane.analytics.sql import percentiles
from controlplane.models import AgentExecution, ExecutionStatus

pytestmark = pytest.mark.seed("executions")

INVOICER = [10, 10, 0, 20.5, 40]  # its completed runs of the week, as the seed has them
ALL = [*INVOICER, 7.75, 7.75, 0.000001]
EVER = [*ALL, 1000]


def percentile(values, percent):
    """Definition 7 of Hyndman and Fan, as Python's own library computes it."""
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def test_durations_of_all_agents(ask, golden):
    rows = ask(select_durations).all()
    assert rows == golden
    assert rows[0].samples == len(ALL)
    assert rows[0].mean == pytest.approx(statistics.mean(ALL))
    assert rows[0].median == pytest.approx(statistics.median(ALL))
    assert rows[0].p95 == pytest.approx(percentile(ALL, 95))
    assert rows[0].p99 == pytest.approx(percentile(ALL, 99))


def test_durations_of_one_agent(ask, world, golden):
    rows = ask(select_durations, agent_id=world.agent(1)).all()
    assert rows == golden.rows
    assert rows[0].p95 == pytest.approx(percentile(INVOICER, 95))
    assert (rows[0].minimum, rows[0].median, rows[0].maximum) == (0, 10, 40)


def test_durations_without_a_value_are_null(ask, world):
    rows = ask(select_durations, agent_id=world.agent(3)).all()
    assert tuple(rows[0]) == (0, None, None, None, None, None, None)


def test_durations_of_a_single_run(ask, world, golden):
    rows = ask(select_durations, agent_id=world.agent(8)).all()
    assert rows == golden.rows
    assert set(rows[0][1:]) == {0.000001}


def test_durations_of_failed_runs(ask, golden):
    failed = (ExecutionStatus.FAILED, ExecutionStatus.TIMEOUT)
    rows = ask(select_durations, statuses=failed).all()
    assert rows == golden.rows
    assert rows[0].mean == pytest.approx(statistics.mean([3.25, 4, 4, 60, 5, 1.5, 2.125]))


def test_durations_by_agent(ask, golden):
    rows = ask(select_durations_by_agent).all()
    assert rows == golden
    # equal medians by name; agents without a completed run are left out
    assert [(row.agent, row.median) for row in rows] == [
        ("Invoicer", 10),
        ("Archivist", 7.75),
        ("Relic", 7.75),
        ("auditor", 0.000001),
    ]


def test_durations_by_agent_over_all_history(ask, golden):
    rows = ask(select_durations_by_agent, since=None, until=None).all()
    assert rows == golden
    assert rows[0].median == statistics.median([*INVOICER, 1000])


def test_durations_over_all_history(ask, monkeypatch, golden):
    rows = ask(select_durations, since=None, until=None).all()
    assert rows == golden.rows
    monkeypatch.setattr(percentiles, "MANY", 0)  # SQLite counts many values in bands first, and in parts of these
    monkeypatch.setattr(percentiles, "PARTS", 2)
    assert ask(select_durations, since=None, until=None).all() == rows
    assert rows[0].p95 == pytest.approx(percentile(EVER, 95))
    assert (rows[0].samples, rows[0].maximum) == (len(EVER), 1000)


def test_waits_over_all_history(ask, monkeypatch, golden):
    rows = ask(select_waits, since=None, until=None).all()
    assert rows == golden.rows
    monkeypatch.setattr(percentiles, "MANY", 0)  # SQLite counts many values in bands first, and in parts of these
    monkeypatch.setattr(percentiles, "PARTS", 2)
    assert ask(select_waits, since=None, until=None).all() == rows
    waits = {row.triggered_by: row for row in rows}
    assert (waits["canvas"].samples, waits["canvas"].minimum, waits["canvas"].median) == (2, 30, 45)


# few to a band, each of which is cut in parts; and no percentile beside the greatest
SPREAD = [round(0.001 * 1.03**number, 6) for number in range(400)]


@pytest.fixture
def spread(add, world, monkeypatch):
    """Two agents whose runs took and waited so long, the second ten times; all are counted in bands and parts."""
    monkeypatch.setattr(percentiles, "MANY", 0)
    monkeypatch.setattr(percentiles, "PARTS", 4)
    first = datetime(2026, 5, 4, tzinfo=UTC)
    for place, factor in enumerate((1, 10)):
        rows = [
            {
                "id": 0xEF000 + 1000 * place + number,
                "created_at": first,
                "started_at": first + timedelta(seconds=seconds * factor),
                "duration_seconds": seconds * factor,
            }
            for number, seconds in enumerate(SPREAD)
        ]
        source = ("websocket", "manual")[place]
        add(AgentExecution, *rows, agent_id=world.agent(2 + place), status="completed", triggered_by=source)


def figures(values):
    return pytest.approx([len(values), statistics.mean(values), *map(partial(percentile, values), (50, 95, 99))])


def shown(row):
    return [row.samples, row.mean, row.median, row.p95, row.p99]


@pytest.mark.usefixtures("spread")
def test_percentiles_of_durations_cut_small(ask, world, golden):
    rows = {row.agent_id: row for row in ask(select_durations_by_agent, since=None, until=None)}
    assert list(rows.values()) == golden.rows
    assert shown(rows[world.agent(2)]) == figures(SPREAD)
    assert shown(rows[world.agent(3)]) == figures([10 * seconds for seconds in SPREAD])
    assert (rows[world.agent(2)].minimum, rows[world.agent(2)].maximum) == (SPREAD[0], SPREAD[-1])


@pytest.mark.usefixtures("spread")
def test_percentiles_that_lie_together(ask, add, world, golden):
    seconds = [0.001, *[5] * 200, 1000]
    runs = [{"id": 0xED000 + number, "duration_seconds": each} for number, each in enumerate(seconds)]
    first = datetime(2026, 5, 4, tzinfo=UTC)
    add(AgentExecution, *runs, agent_id=world.agent(4), status="timeout", triggered_by="manual", created_at=first)
    rows = ask(select_durations_by_agent, since=None, until=None, statuses=(ExecutionStatus.TIMEOUT,)).all()
    assert rows == golden.rows
    (row,) = [row for row in rows if row.agent_id == world.agent(4)]
    assert (row.minimum, row.median, row.p95, row.p99, row.maximum) == (0.001, 5, 5, 5, 1000)


@pytest.mark.usefixtures("spread")
def test_percentiles_of_waits_cut_small(ask, golden):
    rows = {row.triggered_by: row for row in ask(select_waits, since=None, until=None)}
    assert list(rows.values()) == golden.rows
    assert shown(rows["websocket"]) == figures([*SPREAD, 1])  # and one run of the seed
    assert rows["manual"].maximum == pytest.approx(10 * SPREAD[-1])


def test_nothing_over_all_history(ask, world):
    (row,) = ask(select_durations, workspace_id=world.nobody, since=None, until=None)
    assert tuple(row) == (0, None, None, None, None, None, None)


def test_durations_by_agent_in_an_empty_window(ask, world):
    assert ask(select_durations_by_agent, until=world.monday).all() == []


def test_durations_by_agent_of_the_neighbour(ask, world, golden):
    assert ask(select_durations_by_agent, workspace_id=world.neighbour).all() == golden.rows


def test_waits_by_trigger(ask, golden):
    rows = ask(select_waits).all()
    assert rows == golden
    waits = {row.triggered_by: row.mean for row in rows}
    assert waits["canvas"] == 45  # 30 and 60
    assert waits["workflow_engine"] == 0
    assert "form_submission" not in waits  # still waiting


def test_waits_in_an_empty_window(ask, world):
    assert ask(select_waits, until=world.monday).all() == []
