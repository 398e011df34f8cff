"""The functions of the plugin that one passing comparison calls: `python -m tests.bench comparison`.

With `LIST=1` their names are printed, in the order of their first call.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench import projects
from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

CALLED = """
import json
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest_query_snapshot

OWN = str(Path(pytest_query_snapshot.__file__).parent)

@contextmanager
def counted():
    called = {}
    def note(frame, event, _):
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(OWN) and not code.co_name.startswith("<"):
            called[f"{code.co_filename[len(OWN) + 1:]} {code.co_qualname}"] = None
    sys.setprofile(note)
    try:
        yield
    finally:
        sys.setprofile(None)
    Path(__file__).with_name("called.json").write_text(json.dumps(list(called)))
"""
COUNTED = """
@pytest.mark.seed("runs")
def test_{i}(session, golden):
    rows = session.execute({query})
    with counted():
        assert rows == golden
"""


def run() -> Iterator[Figure]:
    """Count in a warm process: in the last of several tests, whose goldens are there."""
    projects.HEADS[COUNTED] = projects.HEADS[projects.GOLDEN] + "from bench_called import counted\n"
    with tempfile.TemporaryDirectory() as temporary:
        folder = projects.make(Path(temporary) / "project", COUNTED, tests=4, modules=1)
        (folder / "bench_called.py").write_text(CALLED)
        projects.pytest(folder, "--snapshot-update")
        projects.pytest(folder)
        called = json.loads((folder / "called.json").read_text())
    modules = {name.partition(" ")[0] for name in called}
    shown = "\n".join(called) if os.environ.get("LIST") else f"in {len(modules)} modules"
    yield Figure("functions called by a passing `rows == golden`", len(called), "functions", detail=shown)
