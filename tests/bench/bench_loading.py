"""Loading a seed of 100,000 rows, beside sqlparse.split with text(), and beside COPY."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
import sqlparse

from pytest_query_snapshot.databases.sqlite import SQLiteDatabase, SQLiteLink
from pytest_query_snapshot.seeds import files
from pytest_query_snapshot.seeds.loading import load
from tests.bench.figures import Figure, seconds
from tests.bench.projects import MODELS, SETTINGS, pytest, seed

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 100_000
TABLES = (
    "CREATE TABLE team (id INTEGER PRIMARY KEY, name VARCHAR NOT NULL)",
    "CREATE TABLE run (id INTEGER PRIMARY KEY, team_id INTEGER NOT NULL, status VARCHAR NOT NULL, seconds FLOAT)",
)
COPY_TEST = """
import time
import pytest
from bench_models import Base

ROWS = {rows}

def test_warm(session): pass

@pytest.mark.seed("many")
def test_load(session):
    '''Loading happens in the setup of this test, which pytest times.'''

def test_copy(engine):
    data = "".join(f"{{n}}\\t{{n % 6 + 1}}\\tfailed\\t{{n % 97 / 4}}\\n" for n in range(1, ROWS + 1))
    connection = engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute("INSERT INTO team (id, name) VALUES (1,'a'),(2,'b'),(3,'b'),(4,'c'),(5,'d'),(6,'e')")
    start = time.perf_counter()
    with cursor.copy("COPY run (id, team_id, status, seconds) FROM STDIN") as copy:
        copy.write(data)
    print(f"COPY {{time.perf_counter() - start}}")
"""


def _link() -> SQLiteLink:
    link = SQLiteDatabase().begin_schema(())
    for table in TABLES:
        link.raw.execute(table)
    return link


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        single = "\n".join(
            f"INSERT INTO run (id, team_id, status, seconds) VALUES ({n}, {n % 6 + 1}, 'failed', {n % 97 / 4});"
            for n in range(1, ROWS + 1)
        )
        (folder / "single.sql").write_text(single)
        ours = seconds(lambda: _load(folder, "single"), rounds=3)
        start = time.perf_counter()
        _load_with_sqlparse(folder / "single.sql")
        theirs = time.perf_counter() - start
        yield Figure(
            "sqlparse.split + text() / loader, 100,000 INSERTs, SQLite",
            theirs / ours,
            limit=35,
            at_least=True,
            detail=f"{theirs:.2f} s / {ours:.3f} s",
        )
        yield from _postgresql(folder / "project")


def _load(folder: Path, name: str) -> None:
    files._statements.cache_clear()  # split the file again, as a first run does
    for file in files.SeedFolder(folder, root=folder).resolve((name,), asked_by="bench").files:
        load(file, _link())


def _load_with_sqlparse(path: Path) -> None:
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(table)
        for statement in sqlparse.split(path.read_text()):
            connection.execute(sa.text(statement))
    engine.dispose()


def _postgresql(project: Path) -> Iterator[Figure]:
    (project / "tests").mkdir(parents=True)
    (project / "fixtures_sql").mkdir()
    (project / "fixtures_sql" / "many.sql").write_text(seed(ROWS))
    (project / "bench_models.py").write_text(MODELS)
    (project / "pyproject.toml").write_text(SETTINGS)
    (project / "tests" / "test_load.py").write_text(COPY_TEST.format(rows=ROWS))
    printed = pytest(project, "--database", "postgresql", "--durations=0", "--durations-min=0", "-s")
    copy = next(float(line.split("COPY ")[1]) for line in printed.splitlines() if "COPY " in line)
    ours = next(
        float(line.split("s ")[0]) for line in printed.splitlines() if "setup" in line and "test_load" in line
    )
    yield Figure(
        "COPY / loader, 100,000 rows in multi-row INSERTs, PostgreSQL",
        copy / ours,
        limit=0.3,
        at_least=True,
        detail=f"{copy:.2f} s / {ours:.2f} s",
    )
