"""Millions of runs with the skew of real ones, always the same for a number of rows, streamed into a database."""

from __future__ import annotations

import random
import uuid
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from controlplane.models import Agent, AgentExecution, Base, TriggerSource, Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Progress

HERE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
AGENTS = 200
BEGIN, END = datetime(2025, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
STATUSES = ("completed", "failed", "timeout", "cancelled", "running", "pending")
OUTCOMES = (8800, 800, 150, 240, 5, 5)  # in ten thousand
ERRORS = ("TimeoutError", "ValueError", "ConnectionError", "KeyError", "PermissionError", None)
COLUMNS = (
    *("id", "workspace_id", "agent_id", "status", "triggered_by", "error_type"),
    *("created_at", "started_at", "completed_at", "duration_seconds"),
)
BATCH = 50_000


def runs(rows: int) -> Iterator[tuple[object, ...]]:
    """Yield runs in order of time: Zipf over agents, busy weekdays and office hours, log-normal durations.

    One in fifty belongs to another workspace. Values are plain: uuids as hex, instants as text.
    """
    chance = random.Random(20260105)
    weights = list(accumulate(1 / number for number in range(1, AGENTS + 1)))
    agents = [uuid.UUID(int=0xA0000 + number).hex for number in range(AGENTS + 1)]
    here, elsewhere = HERE.hex, ELSEWHERE.hex
    sources = [source.value for source in TriggerSource]
    step = (END - BEGIN) / rows
    for number in range(rows):
        created = BEGIN + number * step + timedelta(microseconds=chance.randrange(1_000_000))
        hour = created.hour
        if (hour < 7 or hour > 19 or created.weekday() > 4) and chance.random() < 0.6:
            created = created.replace(hour=7 + number % 12)
        status = chance.choices(STATUSES, OUTCOMES)[0]
        away = number % 50 == 49
        agent = AGENTS if away else chance.choices(range(AGENTS), cum_weights=weights)[0]
        started = completed = seconds = None
        if status != "pending":
            started = created + timedelta(milliseconds=int(chance.expovariate(1 / 800)))
            if status != "running":
                seconds = round(chance.lognormvariate(1.2 + agent % 7 / 5, 1.1), 3)
                completed = started + timedelta(seconds=seconds)
        error = chance.choices(ERRORS, (40, 25, 15, 10, 5, 5))[0] if status in ("failed", "timeout") else None
        source = sources[min(int(chance.expovariate(0.5)), len(sources) - 1)]
        yield (
            f"{0xE << 104 | number:032x}",
            elsewhere if away else here,
            agents[agent],
            status,
            source,
            error,
            _text(created),
            _text(started),
            _text(completed),
            seconds,
        )


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")


def fill(engine: sa.Engine, rows: int, progress: Progress) -> None:
    """Make the schema and load the runs without indexes, then the indexes, then the statistics."""
    indexes = list(AgentExecution.__table__.indexes)
    for index in indexes:
        AgentExecution.__table__.indexes.discard(index)
    try:
        Base.metadata.create_all(engine)
    finally:
        AgentExecution.__table__.indexes.update(indexes)
    with engine.begin() as connection:
        connection.execute(sa.insert(Workspace), [{"id": HERE, "name": "here"}, {"id": ELSEWHERE, "name": "else"}])
        connection.execute(sa.insert(Agent), list(_agents()))
    task = progress.add_task(f"{engine.dialect.name}: {rows:,} runs", total=rows)
    source = runs(rows)
    with engine.begin() as connection:
        while batch := list(islice(source, BATCH)):
            _load(connection, batch)
            progress.advance(task, len(batch))
    for index in indexes:
        with engine.begin() as connection:
            index.create(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE")


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


def _load(connection: sa.Connection, batch: list[tuple[object, ...]]) -> None:
    raw = connection.connection.driver_connection
    if connection.dialect.name == "sqlite":
        marks = ", ".join("?" * len(COLUMNS))
        raw.executemany(f"INSERT INTO agent_execution ({', '.join(COLUMNS)}) VALUES ({marks})", batch)
        return
    with raw.cursor().copy(f"COPY agent_execution ({', '.join(COLUMNS)}) FROM STDIN") as copy:
        copy.write("".join("\t".join("\\N" if v is None else str(v) for v in row) + "\n" for row in batch))
