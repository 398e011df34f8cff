"""Whole processes: what the plugin adds to pytest when it is not used, and what a first golden test costs."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, best, children_cpu, paired
from tests.bench.projects import EMPTY, FRESH, GOLDEN, make, pytest

if TYPE_CHECKING:
    from collections.abc import Iterator


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        one = make(Path(scratch) / "one", EMPTY, tests=1, modules=1)
        (one / "pyproject.toml").write_text("[tool.pytest.ini_options]\ntestpaths = ['tests']\n")
        pytest(one, "--snapshot-update")
        with_it, without = best(
            lambda: pytest(one), lambda: pytest(one, "-p", "no:query_snapshot"), rounds=25, timer=children_cpu
        )
        yield Figure(
            "installed but unused",
            1000 * (with_it - without),
            "ms CPU",
            15,
            detail=f"{with_it:.3f} s / {without:.3f} s",
        )
        golden = make(Path(scratch) / "golden", GOLDEN, tests=1, modules=1)
        pytest(golden, "--snapshot-update")
        value, a, b = paired(lambda: pytest(golden), lambda: pytest(one), rounds=9, timer=children_cpu)
        yield Figure("one golden test / one empty syrupy test", value, limit=2.0, detail=f"{a:.3f} s / {b:.3f} s")
        plain = make(Path(scratch) / "plain", FRESH, tests=1, modules=1)
        pytest(plain, "--snapshot-update")
        value, a, b = paired(lambda: pytest(golden), lambda: pytest(plain), rounds=9, timer=children_cpu)
        name = "one golden test / the same test with syrupy, which imports SQLAlchemy too"
        yield Figure(name, value, limit=1.25, detail=f"{a:.3f} s / {b:.3f} s")
