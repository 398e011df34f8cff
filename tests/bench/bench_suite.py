"""Whole suites: what a golden test costs beside an empty syrupy test and beside a fresh database per test."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.figures import Figure, children_cpu, paired
from tests.bench.projects import EMPTY, FRESH, GOLDEN, make, pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

POSTGRESQL = ("--database", "postgresql")
CONNECTIONS = ("--isolation", "connections")
THOUSANDS = 10_000


def run() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        golden, empty, fresh, connected = (
            make(folder / name, template)
            for name, template in (("golden", GOLDEN), ("empty", EMPTY), ("fresh", FRESH), ("connected", GOLDEN))
        )
        for project in (golden, empty, fresh):
            pytest(project, "--snapshot-update")
        pytest(golden, "--snapshot-update", *POSTGRESQL)
        for database in ((), POSTGRESQL):  # statements on SQLite are not recorded alike in both modes
            pytest(connected, "--snapshot-update", *database, *CONNECTIONS)
        name = "500 golden tests / 500 empty syrupy tests"
        yield ratio(f"{name}, SQLite", golden, empty, limit=2.2)
        yield ratio(f"{name}, PostgreSQL", golden, empty, POSTGRESQL, limit=3.0)
        yield ratio(f"{name}, SQLite, connections", connected, empty, CONNECTIONS, limit=3.0)
        yield ratio(f"{name}, PostgreSQL, connections", connected, empty, (*POSTGRESQL, *CONNECTIONS), limit=3.5)
        yield ratio(
            "a fresh database of 2 tables per test / 500 golden tests, SQLite",
            fresh,
            golden,
            limit=2.0,
            at_least=True,
        )
        wide, fresh_wide = (
            make(folder / f"wide_{name}", template, wide=True)
            for name, template in (("golden", GOLDEN), ("fresh", FRESH))
        )
        for project in (wide, fresh_wide):
            pytest(project, "--snapshot-update")
        yield ratio(
            "a fresh database of 28 tables per test / 500 golden tests, SQLite",
            fresh_wide,
            wide,
            limit=4.0,
            at_least=True,
        )
        yield ratio(
            "--snapshot-update with nothing to change / plain", golden, golden, ("--snapshot-update",), limit=1.2
        )
        large = make(folder / "large", GOLDEN, rows=60_000)
        pytest(large, "--snapshot-update")
        yield per_test("a 60,000-row seed / a 60-row seed, per test", large, golden, limit=1.3)
        yield growth(make(folder / "thousands", GOLDEN, tests=THOUSANDS, modules=400), golden)
        many = make(folder / "many", GOLDEN, tests=500, modules=100)
        pytest(many, "--snapshot-update")
        paths = [f"tests/test_{n:03}.py" for n in range(100)]
        yield ratio("1,000 golden files selected by path / without a path", many, many, tuple(paths), limit=1.3)


def ratio(
    name: str,
    first: Path,
    second: Path,
    arguments: tuple[str, ...] = (),
    *,
    limit: float,
    at_least: bool = False,
) -> Figure:
    value, a, b = paired(lambda: pytest(first, *arguments), lambda: pytest(second), rounds=3)
    return Figure(name, value, limit=limit, at_least=at_least, detail=f"{a:.2f} s / {b:.2f} s")


def growth(large: Path, small: Path) -> Figure:
    """Compare the cost of a test among thousands with that of one among hundreds; start-up does not count."""
    pytest(large, "--snapshot-update")
    one = ("tests/test_000.py",)
    parts = [cpu_of(large), cpu_of(small), cpu_of(small, *one)]
    first, second = (parts[0] - parts[1]) / (THOUSANDS - 500), (parts[1] - parts[2]) / (500 - 25)
    detail = f"{first * 1e3:.2f} ms / {second * 1e3:.2f} ms of processor time"
    return Figure(f"a test of {THOUSANDS:,} / a test of 500", first / second, limit=1.1, detail=detail)


def cpu_of(folder: Path, *arguments: str) -> float:
    before = children_cpu()
    pytest(folder, *arguments)
    return children_cpu() - before


def per_test(name: str, first: Path, second: Path, *, limit: float) -> Figure:
    """Compare what 400 more tests cost, so that loading the seed once does not count."""
    few = [f"tests/test_{n:03}.py" for n in range(4)]
    value, a, b = paired(lambda: pytest(first), lambda: pytest(second))
    _, few_a, few_b = paired(lambda: pytest(first, *few), lambda: pytest(second, *few))
    detail = f"{(a - few_a) / 0.4:.2f} ms / {(b - few_b) / 0.4:.2f} ms a test; whole runs {value:.2f} x"
    return Figure(name, (a - few_a) / (b - few_b), limit=limit, detail=detail)
