"""What a test costs in the isolation mode `connections`, beside the mode `savepoint`, and what a reset costs."""

from __future__ import annotations

import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.database import ConnectedDatabase
from pytest_query_snapshot.databases.connections.postgresql.keeper import PostgreSQLKeeper
from pytest_query_snapshot.databases.connections.sqlite import SQLiteKeeper
from pytest_query_snapshot.databases.isolation import IsolatedDatabase
from pytest_query_snapshot.databases.servers.server import PostgreSQLServer
from pytest_query_snapshot.databases.target import choose
from pytest_query_snapshot.seeds.files import SeedFolder
from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_query_snapshot.seeds.files import SeedSet

TABLES = 29
DIRTY = 19
ROUNDS = 60
METADATA = sa.MetaData()
for number in range(TABLES):
    sa.Table(
        f"t{number:02}",
        METADATA,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("n", sa.Integer, index=True),
    )


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        for name, rows in (("few", 60), ("many", 60_000)):
            Path(scratch, f"{name}.sql").write_text(seed(rows))
        folder = SeedFolder(Path(scratch), root=Path(scratch))
        few, many = (folder.resolve((name,), asked_by="bench") for name in ("few", "many"))
        for kind in ("postgresql", "sqlite"):
            yield from per_test(kind, few)
        with connected("postgresql") as database:
            yield reset("reset of 19 dirty tables", database, few, dirty)
            yield reset("reset of few writes at 60,000 rows", database, many, write)


def seed(rows: int) -> str:
    """Write a seed with most rows in the first table."""
    lines = [f"INSERT INTO t{number:02} (name, n) VALUES ('a', 1);" for number in range(1, TABLES)]
    values = [f"('name {n}', {n})" for n in range(rows - TABLES + 1)]
    chunks = (", ".join(values[start : start + 500]) for start in range(0, len(values), 500))
    lines += [f"INSERT INTO t00 (name, n) VALUES {chunk};" for chunk in chunks]
    return "\n".join(lines) + "\n"


def read(engine: sa.Engine) -> None:
    table = METADATA.tables["t00"]
    with engine.connect() as connection:
        connection.execute(sa.select(table).where(table.c.n < 30).order_by(table.c.id)).all()
        connection.execute(sa.select(sa.func.count()).select_from(METADATA.tables["t01"])).all()


def write(engine: sa.Engine) -> None:
    table = METADATA.tables["t00"]
    read(engine)
    with engine.begin() as connection:
        connection.execute(table.insert().values(name="new", n=-1))
        connection.execute(table.update().where(table.c.n == 1).values(name="changed"))
        connection.execute(METADATA.tables["t01"].delete())


def dirty(engine: sa.Engine) -> None:
    with engine.begin() as connection:
        for table in METADATA.sorted_tables[:DIRTY]:
            connection.execute(table.insert().values(name="new", n=-1))


def per_test(kind: str, seeds: SeedSet) -> Iterator[Figure]:
    # one server for each mode: the savepoint's open transaction would slow the other down
    with connected(kind) as real, contained(kind) as savepoint:
        for what, action, limit in (("writing", write, 1.5), ("reading", read, 1.0)):
            value, a, b = alternate(
                lambda action=action: one_connected(real, seeds, action),
                lambda action=action: one_contained(savepoint, seeds, action),
            )
            name = f"a {what} test, connections / savepoint, 60 rows, {kind}"
            yield Figure(name, value, limit=limit, detail=f"{a * 1e3:.2f} ms / {b * 1e3:.2f} ms")


def reset(name: str, database: ConnectedDatabase, seeds: SeedSet, action: Callable[[sa.Engine], None]) -> Figure:
    taken = []
    for _ in range(ROUNDS):
        database.begin_test("bench")
        database.load_seeds(seeds)
        action(database.engine)
        start = time.perf_counter()
        database.end_test()
        taken.append(time.perf_counter() - start)
    detail = f"{TABLES} tables; median {median(taken) * 1e3:.1f} ms"
    return Figure(name, min(taken) * 1e3, "ms", limit=4.0, detail=detail)


def one_connected(database: ConnectedDatabase, seeds: SeedSet, action: Callable[[sa.Engine], None]) -> None:
    database.begin_test("bench")
    database.load_seeds(seeds)
    action(database.engine)
    database.end_test()


def one_contained(database: IsolatedDatabase, seeds: SeedSet, action: Callable[[sa.Engine], None]) -> None:
    database.begin_test(seeds, test="bench")
    action(database.engine)
    database.end_test()


def alternate(first: Callable[[], None], second: Callable[[], None]) -> tuple[float, float, float]:
    """Run both in turn; compare the shortest times, since a run is shorter than what disturbs it."""
    times: list[tuple[float, float]] = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        first()
        between = time.perf_counter()
        second()
        times.append((between - start, time.perf_counter() - between))
    a, b = min(a for a, _ in times), min(b for _, b in times)
    return a / b, a, b


@contextmanager
def connected(kind: str) -> Iterator[ConnectedDatabase]:
    with server(kind) as url:
        keeper: Any = SQLiteKeeper() if url is None else PostgreSQLKeeper(url, "query_snapshot_bench")
        database = ConnectedDatabase(keeper)
        database.prepare(METADATA)
        try:
            yield database
        finally:
            database.close()


@contextmanager
def contained(kind: str) -> Iterator[IsolatedDatabase]:
    target = choose(kind, None, None, folder=Path())
    database = IsolatedDatabase(target.open(), build_schema=METADATA.create_all, metadata=METADATA)
    try:
        yield database
    finally:
        database.close()
        target.stop()


@contextmanager
def server(kind: str) -> Iterator[sa.URL | None]:
    if kind == "sqlite":
        yield None
        return
    started = PostgreSQLServer()
    try:
        started.wait()
        yield sa.make_url(started.url)
    finally:
        started.stop()
