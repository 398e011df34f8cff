"""Large things: a result of 100,000 rows, long statements, a state of 60,000 rows of which few change."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure
from tests.bench.projects import make, pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROWS = 100_000
SEEDED = 60_000

FETCH = """
import resource, time
import pytest
import sqlalchemy as sa
from bench_models import Run, Team

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

WIDE = sa.text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows}) SELECT i AS c0, "
    + ", ".join(f"'text ' || (i * {{k}}) AS c{{k}}" for k in range(1, 10)) + " FROM n ORDER BY i"
)

def test_rows(session, golden):
    session.execute(WIDE).all()
    start = time.process_time()
    session.execute(WIDE).all()
    fetched, before = time.process_time() - start, peak()
    start = time.process_time()
    assert session.execute(WIDE) == golden.rows
    print("FIGURES rows", fetched, time.process_time() - start, peak() - before)
"""

STATEMENTS = """
import time
import pytest
import sqlalchemy as sa

def timed(label, session, statement, golden):
    rows = session.execute(statement).all()
    start = time.process_time()
    assert session == golden(label).sql
    print("FIGURES", label, time.process_time() - start)

def test_ctes(session, golden):
    first = last = sa.select(sa.literal(1).label("a")).cte("c0")
    for n in range(1, 20):
        other = first.alias(f"other_{n}")
        last = sa.select((last.c.a + n).label("a")).join(other, other.c.a < last.c.a + n).cte(f"c{n}")
    timed("ctes", session, sa.select(last.c.a), golden)

def test_parameters(session, golden):
    values = sa.select(sa.literal(1).label("a")).where(sa.literal(1).in_(list(range(5000))))
    timed("parameters", session, values, golden)

def test_long(session, golden):
    cases = " ".join(f"WHEN {n:06} THEN {n:06}" for n in range(1_000_000 // 24))
    timed("megabyte", session, sa.text(f"SELECT CASE 1 {cases} END"), golden)
"""

STATE = """
import time
import pytest
from sqlalchemy import update
from bench_models import Run

@pytest.mark.seed("runs")
def test_steps(session, golden):
    taken = []
    for n in range(8):
        start = time.process_time()
        with golden.step(f"step {n}"):
            begin = time.process_time()
            session.execute(update(Run).where(Run.id.in_([n * 4 + k for k in range(1, 5)])).values(status="x"))
            session.commit()
            inside = time.process_time() - begin
        taken.append(time.process_time() - start - inside)
    print("FIGURES state", sorted(taken)[len(taken) // 2])
    assert session == golden.changes
"""


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        rows = project(folder / "rows", FETCH.format(rows=ROWS))
        [[fetched, compared, grown]] = figures(rows, "rows")
        text = max(path.stat().st_size for path in (rows / "__snapshots__").rglob("*.rows.md"))
        yield Figure(f"{ROWS:,} rows x 10 columns, fetched and compared / fetched", compared / fetched, limit=3.0)
        size = f"{grown / 1024:.0f} MB for {text / 2**20:.0f} MB"
        yield Figure("memory of that comparison / its text", grown * 1024 / text, limit=4.0, detail=size)
        statements = project(folder / "statements", STATEMENTS)
        for label, name in (
            ("ctes", "a statement of 20 CTEs"),
            ("parameters", "5,000 parameters"),
            ("megabyte", "1 MB of SQL"),
        ):
            [[taken]] = figures(statements, label)
            yield Figure(f"compare {name}", taken * 1000, "ms")
        state = project(folder / "state", STATE, rows=SEEDED)
        for mode, arguments in MODES:
            [[taken]] = figures(state, "state", *arguments)
            name = f"a step that changes 4 of {SEEDED:,} rows, {mode}"
            yield Figure(name, taken * 1000, "ms", 5.0)


MODES = (
    ("savepoint, SQLite", ()),
    ("connections, SQLite", ("--isolation", "connections")),
    ("savepoint, PostgreSQL", ("--database", "postgresql")),
    ("connections, PostgreSQL", ("--database", "postgresql", "--isolation", "connections")),
)


def project(folder: Path, source: str, *, rows: int = 60) -> Path:
    """Write a project with one module, and its goldens."""
    made = make(folder, "", tests=0, modules=1, rows=rows)
    (made / "tests" / "test_000.py").write_text(source)
    pytest(made, "--snapshot-update")
    return made


def figures(folder: Path, label: str, *arguments: str) -> list[list[float]]:
    """Return the numbers that tests print behind a label."""
    pytest(folder, "--snapshot-update", *arguments)  # the mode may have other files
    found = re.findall(rf"FIGURES {label} (.*)", pytest(folder, "-s", *arguments))
    return [[float(number) for number in line.split()] for line in found]
