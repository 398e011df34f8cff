"""Millions of runs with the skew of real ones, always the same for a number of rows, streamed into a database.

DuckDB writes them from hashes of each run's number and a fixed seed. A world spans a year; the small one beside it
is its last tenth, the same rows: as many a day as in the large one.
"""

from __future__ import annotations

import tempfile
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import sqlalchemy as sa

from controlplane.models import Agent, AgentExecution, Base, TriggerSource, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

SEED = 20260105
HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
AGENTS = 200
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
LAST_TENTH = END - (END - BEGIN) / 10
COLUMNS = (
    *("id", "workspace_id", "agent_id", "status", "triggered_by", "error_type"),
    *("created_at", "started_at", "completed_at", "duration_seconds"),
)
BATCH = 100_000

# Zipf over agents, busy weekdays and office hours, log-normal durations, exponential waits; a fiftieth elsewhere
RUNS = f"""
CREATE MACRO chance(number, place) AS (hash(number * 16 + place + {SEED}) + 0.5) / 18446744073709551616.0;
CREATE MACRO instant(moment) AS strftime(moment, '%Y-%m-%d %H:%M:%S.%f');
CREATE MACRO runs(first, after) AS TABLE
WITH numbered AS (
    SELECT i, i % 50 = 49 AS away,
        TIMESTAMP '{BEGIN:%Y-%m-%d}' + to_microseconds(CAST(i * (31536000e6 / $rows) AS BIGINT))
            + to_microseconds(CAST(chance(i, 0) * 999999 AS BIGINT)) AS asked
    FROM range(first, after) AS numbers(i)
), placed AS (
    SELECT *,
        CASE WHEN away THEN {AGENTS} ELSE CAST(floor(pow({AGENTS + 1}, chance(i, 1))) AS INT) - 1 END AS agent,
        CASE WHEN (hour(asked) NOT BETWEEN 7 AND 19 OR isodow(asked) > 5) AND chance(i, 2) < 0.6
            THEN date_trunc('day', asked) + to_hours(CAST(7 + i % 12 AS INT)) + (asked - date_trunc('hour', asked))
            ELSE asked END AS created,
        CASE WHEN chance(i, 3) < 0.88 THEN 'completed' WHEN chance(i, 3) < 0.96 THEN 'failed'
            WHEN chance(i, 3) < 0.975 THEN 'timeout' WHEN chance(i, 3) < 0.999 THEN 'cancelled'
            WHEN chance(i, 3) < 0.9995 THEN 'running' ELSE 'pending' END AS status
    FROM numbered
), timed AS (
    SELECT *,
        CASE WHEN status <> 'pending'
            THEN created + to_milliseconds(CAST(-800 * ln(chance(i, 4)) AS INT)) END AS started,
        CASE WHEN status NOT IN ('pending', 'running') THEN round(exp(1.2 + agent % 7 / 5
            + 1.1 * sqrt(-2 * ln(chance(i, 5))) * cos(6.283185307179586 * chance(i, 6))), 3) END AS seconds
    FROM placed
)
SELECT printf('%032x', i + 1) AS id,
    printf('%032x', CASE WHEN away THEN {ELSEWHERE.int} ELSE {HERE.int} END) AS workspace_id,
    printf('%032x', {0xA0000} + agent) AS agent_id,
    status,
    ({[source.value for source in TriggerSource]})[CAST(least(floor(-2 * ln(chance(i, 7))), 9) AS INT) + 1]
        AS triggered_by,
    CASE WHEN status IN ('failed', 'timeout') THEN (CASE WHEN chance(i, 8) < 0.4 THEN 'TimeoutError'
        WHEN chance(i, 8) < 0.65 THEN 'ValueError' WHEN chance(i, 8) < 0.8 THEN 'ConnectionError'
        WHEN chance(i, 8) < 0.9 THEN 'KeyError' WHEN chance(i, 8) < 0.95 THEN 'PermissionError' END)
        END AS error_type,
    instant(created) AS created_at,
    instant(started) AS started_at,
    instant(started + to_microseconds(CAST(round(seconds * 1e6) AS BIGINT))) AS completed_at,
    seconds AS duration_seconds
FROM timed
"""


@contextmanager
def written(rows: int) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB with a table function `runs(first, after)`: ids as hex, instants as text, in order of time."""
    with duckdb.connect() as connection:
        connection.execute("SET threads = 2")
        for statement in RUNS.replace("$rows", str(rows)).split(";"):
            connection.execute(statement)
        yield connection


def batches(runs: range) -> Iterator[tuple[int, int]]:
    """Cut numbers of runs into batches, first and after."""
    return ((first, min(first + BATCH, runs.stop)) for first in range(runs.start, runs.stop, BATCH))


def fill(engine: sa.Engine, runs: range, progress: Progress) -> None:
    """Load the runs with these numbers out of a year of `runs.stop`: the rows, then indexes and statistics."""
    indexes = list(AgentExecution.__table__.indexes)
    AgentExecution.__table__.indexes.clear()
    try:
        Base.metadata.create_all(engine)
    finally:
        AgentExecution.__table__.indexes.update(indexes)
    with engine.begin() as connection:
        connection.execute(sa.insert(Workspace), [{"id": HERE, "name": "here"}, {"id": ELSEWHERE, "name": "else"}])
        connection.execute(sa.insert(Agent), list(_agents()))
    name = engine.dialect.name
    task = progress.add_task(f"{name}: {len(runs):,} runs", total=len(runs))
    with written(runs.stop) as source, engine.begin() as connection:
        load = _load_sqlite if name == "sqlite" else _load_postgresql
        load(source, runs, connection.connection.driver_connection, lambda done: progress.advance(task, done))
    task = progress.add_task(f"{name}: indexes", total=len(indexes) + 1)
    for index in indexes:
        with engine.begin() as connection:
            index.create(connection)
        progress.advance(task)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if name == "sqlite" else "VACUUM ANALYZE")
    progress.advance(task)


def _agents() -> Iterator[dict[str, object]]:
    for number in range(AGENTS + 1):
        yield {
            "id": uuid.UUID(int=0xA0000 + number),
            "workspace_id": ELSEWHERE if number == AGENTS else HERE,
            "name": f"Agent {number:03}",
            "category": f"category {number % 9}",
            "module_path": "m",
            "class_name": f"K{number}",
        }


def _load_sqlite(source, runs, raw, advance) -> None:
    raw.execute("PRAGMA cache_size = -262144")
    insert = f"INSERT INTO agent_execution ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
    for first, after in batches(runs):
        raw.executemany(insert, source.execute(f"FROM runs({first}, {after})").fetchall())
        advance(after - first)


def _load_postgresql(source, runs, raw, advance) -> None:
    into = f"COPY agent_execution ({', '.join(COLUMNS)}) FROM STDIN (FORMAT csv)"
    with tempfile.TemporaryDirectory() as folder, raw.cursor().copy(into) as copy:
        path = Path(folder) / "runs.csv"
        for first, after in batches(runs):
            source.execute(f"COPY (FROM runs({first}, {after})) TO '{path}' (HEADER false)")
            copy.write(path.read_bytes())
            advance(after - first)
