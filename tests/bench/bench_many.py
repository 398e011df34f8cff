"""2,000 tests in random order on two workers: after how many the database is not as it was before the first."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = int(os.environ.get("MANY_TESTS", "2000"))
PROJECT = Path(__file__).parent.parent / "plugin" / "connections" / "many"
SETTINGS = """
[tool.pytest.ini_options]
pythonpath = ["."]
query_snapshot_metadata = "many_models:metadata"
query_snapshot_isolation = "connections"
query_snapshot_url_variables = ["DATABASE_URL"]
"""


def run() -> Iterator[Figure]:
    for kind in ("sqlite", "postgresql"):
        start = time.perf_counter()
        passed, left_open = _session(kind)
        detail = f"{left_open} tests left a transaction open; {time.perf_counter() - start:.0f} s"
        yield Figure(f"tests of {TESTS} that left {kind} changed", TESTS - passed, "", limit=0, detail=detail)


def _session(kind: str) -> tuple[int, int]:
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(PROJECT, scratch, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.toml"))
        Path(scratch, "pyproject.toml").write_text(SETTINGS)
        result = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-n2", "-pno:cacheprovider", f"--database={kind}"],
            cwd=scratch,
            env={**os.environ, "MANY_TESTS": str(TESTS)},
            capture_output=True,
            text=True,
            check=False,
        )
    found = re.search(r"(\d+) passed", result.stdout)
    more = re.search(r"and (\d+) more", result.stdout)
    left_open = result.stdout.count("left a transaction open") + (int(more[1]) if more else 0)
    return (int(found[1]) if found else 0), left_open
