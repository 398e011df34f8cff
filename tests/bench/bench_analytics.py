"""The analytics over a year of runs: beside Python over ORM objects, statements by hand, DuckDB, and by growth.

`BENCH_ROWS=10000000` is how many runs the large world has (default: a million); the small one is its last tenth.
`BENCH_FOLDER` keeps the SQLite worlds there, `BENCH_POSTGRESQL` (a URL) the PostgreSQL ones in databases of that
server, and both use again what they find; by default both go with the run.
"""

from __future__ import annotations

import os
import tempfile
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from rich.progress import Progress
from sqlalchemy.orm import Session

from controlplane.analytics import rollup
from controlplane.database import create_engine
from controlplane.models import AgentExecution
from pytest_query_snapshot.databases.servers.server import PostgreSQLServer
from tests.bench.by_hand import BY_HAND, DUCKDB
from tests.bench.figures import Figure
from tests.bench.in_python import loop
from tests.bench.probe import alone, asked, shortest
from tests.bench.questions import DAILY, from_sums, full
from tests.bench.worlds import BEGIN, HERE, LAST_TENTH, fill, written

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.probe import Taken

ROWS = int(os.environ.get("BENCH_ROWS", "1000000"))
ENOUGH = 1_000_000  # rows for the loop in Python, which takes a kilobyte and more for each
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def run() -> Iterator[Figure]:
    duck = in_duckdb()
    for place in (sqlite_worlds, postgresql_worlds):
        with place() as world:
            small, large = (filled(world, range(first, ROWS)) for first in (ROWS * 9 // 10, 0))
            yield from compared(small, large, duck)


def compared(small: str, large: str, duck: dict[str, float]) -> Iterator[Figure]:
    """Give every figure of one database."""
    kind = sa.make_url(large).get_backend_name()
    name = f"{NAMES[kind]}, {ROWS:,}"
    worlds = ((small, full(LAST_TENTH)), (large, full(BEGIN)))
    before, after = ({key: asked(url, each) for key, each in questions.items()} for url, questions in worlds)
    yield from growth(f"{name}, all", before, after, limit=11)
    days = [{key: asked(url, each) for key, each in DAILY.items()} for url in (small, large)]
    yield from growth(f"{name}, one day", *days, limit=1.5)
    yield from against_hand(name, kind, large, after)
    yield from against_python(name, *((small, before) if ROWS > ENOUGH else (large, after)))
    for key, seconds in duck.items():
        detail = f"{after[key].seconds:.2f} s, DuckDB {seconds:.3f} s"
        yield Figure(f"{name}: {key}, times DuckDB", after[key].seconds / seconds, detail=detail)
    yield from kept_by_day(name, large, after)


def growth(name: str, small: dict[str, Taken], large: dict[str, Taken], *, limit: float) -> Iterator[Figure]:
    """Say how much slower ten times the runs are; a day has as many in both worlds."""
    for key, taken in large.items():
        ratio = taken.seconds / small[key].seconds
        detail = f"{small[key].seconds:.3f} to {taken.seconds:.3f} s, {taken.megabytes:.0f} MB at most"
        yield Figure(f"{name}: {key}, growth", ratio, limit=limit, detail=detail)


def against_hand(name: str, kind: str, url: str, times: dict[str, Taken]) -> Iterator[Figure]:
    """Compare with what is written for this database; asked in turn, so that both meet the same machine."""
    questions = full(BEGIN)
    for key, sql in BY_HAND[kind].items():
        hand = min(asked(url, sql).seconds for _ in range(2))
        ours = min(times[key].seconds, asked(url, questions[key]).seconds)
        yield Figure(
            f"{name}: {key}, by hand", ours / hand, limit=1.2, detail=f"{ours:.3f} s, by hand {hand:.3f} s"
        )


def against_python(name: str, url: str, times: dict[str, Taken]) -> Iterator[Figure]:
    """Compare with the loop that a statement replaces, asked for this one answer."""
    loops, megabytes = loop(url)
    for key, seconds in loops.items():
        taken = times[key]
        detail = f"{taken.seconds:.3f} s, {taken.megabytes:.0f} MB; Python {seconds:.1f} s, {megabytes:.0f} MB"
        yield Figure(f"{name}: {key}, Python", seconds / taken.seconds, limit=10, at_least=True, detail=detail)


def kept_by_day(name: str, url: str, times: dict[str, Taken]) -> Iterator[Figure]:
    """Ask daily sums and levels, all days added up: what is left is for a person to wait for."""

    def refresh() -> float:
        with Session(create_engine(url)) as session:
            rollup.disable(session)
            session.commit()
            start = time.perf_counter()
            rollup.refresh(session, workspace_id=HERE)
            return time.perf_counter() - start

    building, _ = alone(refresh)
    yield Figure(f"{name}: adding up a year", building, unit="s")
    for key, statement in from_sums(BEGIN).items():
        taken = asked(url, statement)
        detail = f"{times[key].seconds:.3f} s from the runs"
        yield Figure(f"{name}: {key}, kept by day", taken.seconds, unit="s", limit=2, detail=detail)


@contextmanager
def sqlite_worlds() -> Iterator[str]:
    """Give the place of SQLite worlds, `{rows}` to be filled in."""
    with ExitStack() as stack:
        folder = os.environ.get("BENCH_FOLDER") or stack.enter_context(tempfile.TemporaryDirectory())
        yield f"sqlite:///{Path(folder).resolve()}/{{rows}}.db"


@contextmanager
def postgresql_worlds() -> Iterator[str]:
    """Give the place of PostgreSQL worlds: databases of a server that is named, or of one of our own."""
    given = os.environ.get("BENCH_POSTGRESQL")
    server = None if given else PostgreSQLServer()
    try:
        if server is not None:
            server.wait()
        url = sa.make_url(given or server.url)
        yield url.set(database="bench_rows").render_as_string(hide_password=False).replace("_rows", "_{rows}")
    finally:
        if server is not None:
            server.stop()


def filled(place: str, runs: range) -> str:
    """Make a world unless it is there; return its URL."""
    url = sa.make_url(place.format(rows=f"{len(runs)}_of_{runs.stop}"))
    if url.get_backend_name() == "postgresql":
        _create_database(url)
    engine = create_engine(url)
    if not sa.inspect(engine).has_table(AgentExecution.__tablename__):
        with Progress() as progress:
            fill(engine, runs, progress)
    engine.dispose()
    return url.render_as_string(hide_password=False)


def _create_database(url: sa.URL) -> None:
    engine = sa.create_engine(url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        known = sa.text("SELECT 1 FROM pg_database WHERE datname = :name")
        if connection.scalar(known, {"name": url.database}) is None:
            connection.exec_driver_sql(f'CREATE DATABASE "{url.database}"')
    engine.dispose()


def in_duckdb() -> dict[str, float]:
    """Time a column store over the same rows, held in memory: the limit."""

    def ask() -> dict[str, float]:
        with written(ROWS) as connection:
            connection.execute(f"CREATE TABLE held AS FROM runs(0, {ROWS}) WHERE workspace_id = '{HERE.hex}'")
            held = {key: sql.replace("FROM runs", "FROM held") for key, sql in DUCKDB.items()}
            return {key: shortest(lambda sql=sql: connection.execute(sql).fetchall()) for key, sql in held.items()}

    return alone(ask)[0]
