"""The analytics over a year of runs: beside Python over ORM objects, beside DuckDB, and by growth.

`BENCH_RUNS=1000000` is how many runs the large world has; the small one, for growth, has a tenth. Needs a
PostgreSQL only for its own figures: `BENCH_POSTGRESQL=postgresql+psycopg://...` names an empty database.
"""

from __future__ import annotations

import csv
import os
import resource
import sqlite3
import tempfile
import time
from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from typing import TYPE_CHECKING

import duckdb
import sqlalchemy as sa
from rich.progress import Progress
from sqlalchemy.orm import Session

from controlplane.analytics.buckets import Bucket
from controlplane.analytics.durations import select_durations_by_agent
from controlplane.analytics.executions import (
    select_executions_by_status,
    select_failures_by_error_type,
    select_success_rate_by_agent,
)
from controlplane.analytics.listings import select_newest_executions
from controlplane.analytics.series import select_runs_over_time
from controlplane.database import create_engine
from controlplane.models import AgentExecution
from tests.bench.figures import Figure
from tests.bench.worlds import BEGIN, END, HERE, fill

if TYPE_CHECKING:
    from collections.abc import Iterator

    from controlplane.analytics.portable import Rows

LARGE = int(os.environ.get("BENCH_RUNS", "1000000"))
POSTGRESQL = os.environ.get("BENCH_POSTGRESQL")
DAY = datetime(2025, 12, 10, tzinfo=UTC)
ONE_DAY = {"workspace_id": HERE, "since": DAY, "until": DAY + timedelta(days=1)}
YEAR = {"workspace_id": HERE, "since": BEGIN, "until": END}
FULL: dict[str, Rows] = {
    "by status": select_executions_by_status(workspace_id=HERE),
    "success rate by agent": select_success_rate_by_agent(workspace_id=HERE),
    "percentiles by agent": select_durations_by_agent(workspace_id=HERE),
    "failures by type": select_failures_by_error_type(workspace_id=HERE),
    "runs per day": select_runs_over_time(**YEAR, bucket=Bucket.DAY),
    "newest 20": select_newest_executions(workspace_id=HERE, limit=20),
}
DAILY: dict[str, Rows] = {
    "by status": select_executions_by_status(**ONE_DAY),
    "success rate by agent": select_success_rate_by_agent(**ONE_DAY),
    "percentiles by agent": select_durations_by_agent(**ONE_DAY),
    "failures by type": select_failures_by_error_type(**ONE_DAY),
    "runs per hour": select_runs_over_time(**ONE_DAY, bucket=Bucket.HOUR),
}
LIMIT = {
    "by status": "SELECT status, count(*) FROM {t} GROUP BY 1",
    "success rate by agent": "SELECT agent_id, count(*), count(*) FILTER (status = 'completed') FROM {t} "
    "GROUP BY 1",
    "percentiles by agent": "SELECT agent_id, quantile_cont(duration_seconds, [0.5, 0.95, 0.99]) FROM {t} "
    "WHERE status = 'completed' GROUP BY 1",
    "failures by type": "SELECT error_type, count(*), max(completed_at) FROM {t} "
    "WHERE status IN ('failed', 'timeout') GROUP BY 1",
    "runs per day": "SELECT created_at[:10], count(*), count(*) FILTER (status = 'completed') FROM {t} GROUP BY 1",
    "newest 20": "SELECT id, created_at FROM {t} ORDER BY created_at DESC, id DESC LIMIT 20",
}


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        worlds = {}
        with Progress() as progress:
            for rows in (LARGE // 10, LARGE):
                worlds[rows] = create_engine(f"sqlite:///{Path(folder) / f'{rows}.db'}")
                fill(worlds[rows], rows, progress)
        small, large = (measured(engine) for engine in worlds.values())
        yield from growth("SQLite", small, large)
        yield from against_python("SQLite", worlds[LARGE], large)
        yield from against_duckdb("SQLite", f"{Path(folder) / f'{LARGE}.db'}", large)
    if POSTGRESQL:
        engine = create_engine(POSTGRESQL)
        with Progress() as progress:
            fill(engine, LARGE, progress)
        yield from against_python("PostgreSQL", engine, measured(engine))


def measured(engine: sa.Engine) -> dict[str, float]:
    """Time every question: the best of three, rows fetched; a day's under its name with `1 day: ` before it."""
    times = {}
    with engine.connect().execution_options(sqlite_begin="DEFERRED") as connection:
        for name, statement in (*FULL.items(), *((f"1 day: {name}", each) for name, each in DAILY.items())):
            times[name] = best(lambda statement=statement: connection.execute(statement).all())
    return times


def best(action) -> float:
    times = []
    for _ in range(3):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def growth(database: str, small: dict[str, float], large: dict[str, float]) -> Iterator[Figure]:
    """How much slower ten times the rows are."""
    for name, seconds in large.items():
        daily = name.startswith("1 day")
        detail = f"{small[name] * 1000:.1f} to {seconds * 1000:.1f} ms"
        # a day of ten times the runs holds ten times the rows: per row of the day it must not grow
        ratio = seconds / small[name] / (10 if daily else 1)
        what = "per row of the day" if daily else "10 x the runs"
        yield Figure(f"{database}, {name}: {what}", ratio, limit=1.5 if daily else 11, detail=detail)


def against_python(database: str, engine: sa.Engine, times: dict[str, float]) -> Iterator[Figure]:
    """The loop that the statements replace: all six answers in one pass over ORM objects."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    with Session(engine) as session:
        in_python(session.scalars(sa.select(AgentExecution).where(AgentExecution.workspace_id == HERE)).all())
    loop = time.perf_counter() - start
    memory = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    together = sum(times[name] for name in FULL)
    detail = (
        f"{loop:.1f} s and {memory:.0f} MB more in Python, {together:.2f} s for six statements; {LARGE:,} runs"
    )
    yield Figure(
        f"{database}: six answers, faster than Python", loop / together, limit=10, at_least=True, detail=detail
    )


def in_python(runs) -> None:
    statuses, days, durations, failures, outcomes = Counter(), Counter(), defaultdict(list), Counter(), Counter()
    for run in runs:
        statuses[run.status] += 1
        days[run.created_at.date()] += 1
        outcomes[run.agent_id, run.status] += 1
        if run.status == "completed":
            durations[run.agent_id].append(run.duration_seconds)
        if run.status in ("failed", "timeout"):
            failures[run.error_type] += 1
    sorted(runs, key=lambda run: (run.created_at, run.id), reverse=True)[:20]
    for values in durations.values():
        quantiles(values, n=100, method="inclusive")


def against_duckdb(database: str, path: str, times: dict[str, float]) -> Iterator[Figure]:
    """The limit: a column store over the same rows, held in memory."""
    with duckdb.connect() as connection:
        copied(connection, path)
        for name, sql in LIMIT.items():
            seconds = best(lambda sql=sql: connection.execute(sql.format(t="runs")).fetchall())
            detail = f"{times[name] * 1000:.0f} ms, DuckDB {seconds * 1000:.0f} ms"
            yield Figure(f"{database}, {name}: times DuckDB", times[name] / seconds, detail=detail)


def copied(connection: duckdb.DuckDBPyConnection, path: str) -> None:
    """Copy the runs of the workspace through a CSV: DuckDB's SQLite extension would be a download."""

    wanted = "id, agent_id, status, error_type, created_at, completed_at, duration_seconds"
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file, sqlite3.connect(path) as source:
        csv.writer(file).writerows(
            source.execute(f"SELECT {wanted} FROM agent_execution WHERE workspace_id = ?", (HERE.hex,))
        )
        file.flush()
        types = {name: "DOUBLE" if name == "duration_seconds" else "VARCHAR" for name in wanted.split(", ")}
        connection.execute(f"CREATE TABLE runs AS SELECT * FROM read_csv('{file.name}', columns={types})")
