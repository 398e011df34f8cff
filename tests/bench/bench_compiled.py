"""Statements that are compiled and compared without a database: 1,000 for each of four dialects."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

STATEMENTS = 1_000
DIALECTS = ("sqlite", "postgresql", "mysql", "mssql")
TEST = f"""
import json
import time
from pathlib import Path

import sqlalchemy as sa

METADATA = sa.MetaData()
USER = sa.Table("user", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
ORDER = sa.Table(
    "order", METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("user_id", sa.ForeignKey("user.id")),
    sa.Column("total", sa.Numeric(12, 2)),
    *(sa.Column(f"extra_{{n}}", sa.Integer) for n in range(10)),
)

def statement(n):
    extra = ORDER.c[f"extra_{{n % 10}}"]
    query = sa.select(ORDER, USER.c.name.label(f"name_{{n}}")).join(USER, USER.c.id == ORDER.c.user_id)
    return query.where(extra > n, ORDER.c.user_id.in_([1, 2, n])).order_by(ORDER.c.id).limit(n + 1)

def test_all(golden):
    begin = time.process_time()
    for n in range({STATEMENTS}):
        assert statement(n) == golden(str(n)).sql
    Path(__file__).with_name("took.json").write_text(json.dumps(time.process_time() - begin))
"""


def run() -> Iterator[Figure]:
    """Compare with goldens that are there; the first run, which writes them, does not count."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        names = " ".join(DIALECTS)
        (folder / "pytest.ini").write_text(f"[pytest]\nquery_snapshot_compile_dialects = {names}\n")
        (folder / "test_compiled.py").write_text(TEST)
        for options in (["--snapshot-update"], []):
            environment = {name: value for name, value in os.environ.items() if name != "CI"}
            command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options]
            subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        took = json.loads((folder / "took.json").read_text())
    name = f"{STATEMENTS:,} statements compared for {len(DIALECTS)} dialects"
    yield Figure(name, took, "s of CPU", limit=5, detail="without a database, goldens there")
