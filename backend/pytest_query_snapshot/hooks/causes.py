"""The end of a failing run: what changed, by cause; each cause is shown once in full."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_query_snapshot.review.causes import Cause

_MISMATCH = "query_snapshot_mismatch"
_MOST_CAUSES = 12


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:  # noqa: ARG001  pytest calls by name
    """Mark the reports of tests that failed for a golden, and for nothing else."""
    report = yield
    if call.when == "call" and call.excinfo is not None and call.excinfo.typename == "GoldenMismatchError":
        setattr(report, _MISMATCH, True)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> Generator[None, Any, Any]:
    """List the causes of failing comparisons, then show one test of each; ``-v`` shows every test."""
    failed = terminalreporter.stats.get("failed", [])
    tests = {report.nodeid for report in failed if getattr(report, _MISMATCH, False)}
    if len(tests) < 2 or config.get_verbosity() > 0:  # noqa: PLR2004  one failure is its own summary
        return (yield)
    found = _causes_of(config, tests)
    hidden = _repeated(found) & tests
    _write(terminalreporter, found, hidden=len(hidden))
    terminalreporter.stats["failed"] = [report for report in failed if report.nodeid not in hidden]
    try:
        return (yield)
    finally:
        terminalreporter.stats["failed"] = failed


def _causes_of(config: pytest.Config, tests: set[str]) -> tuple[Cause, ...]:
    from pytest_query_snapshot.errors import QuerySnapshotError  # noqa: PLC0415  only after failures
    from pytest_query_snapshot.review.accept import reviews  # noqa: PLC0415
    from pytest_query_snapshot.review.causes import causes  # noqa: PLC0415
    from pytest_query_snapshot.settings import find_project  # noqa: PLC0415

    try:
        waiting = reviews(find_project(config.rootpath))
    except QuerySnapshotError:  # a damaged pending file: the failures speak for themselves
        return ()
    return causes(review for review in waiting if review.pending.test in tests)


def _repeated(found: tuple[Cause, ...]) -> set[str]:
    """Return the tests that fail for nothing but causes which another test shows in full."""
    shown = {cause.members[0].pending.test for cause in found[:_MOST_CAUSES]}
    own = {review.pending.test for cause in found for review in cause.members if review.comparison in cause.own}
    alone = {cause.members[0].pending.test for cause in found[_MOST_CAUSES:]}
    every = {review.pending.test for cause in found for review in cause.members}
    return every - shown - own - alone


def _write(terminalreporter: Any, found: tuple[Cause, ...], *, hidden: int) -> None:
    from pytest_query_snapshot.review.terminal import Painter, summarized  # noqa: PLC0415  only after failures

    if not hidden:
        return
    terminalreporter.section("golden changes by cause")
    width = terminalreporter._tw.fullwidth if terminalreporter.isatty else None  # noqa: SLF001  a file takes all of it
    for cause in found[:_MOST_CAUSES]:
        for line in summarized(cause, Painter(), width=width):
            terminalreporter.write_line(line, red=cause.risk)
    if len(found) > _MOST_CAUSES:
        terminalreporter.write_line(f"and {len(found) - _MOST_CAUSES} more causes: query-snapshot list")
    terminalreporter.write_line(
        f"Below, one test for each cause; {hidden} more failed for the same causes (-v shows them all)."
    )
