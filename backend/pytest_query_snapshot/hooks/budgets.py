"""Hooks of the budgets: the max_queries marker, and hazards where they are asked for."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.hooks.settings import read_setting

if TYPE_CHECKING:
    from pytest_query_snapshot.budgets.query_log import Entry

_PROPERTY = "query_hazard"
_SHOWN = 3
"""Tests named for one hazard: they all meet the same line of code."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers."""
    config.addinivalue_line(
        "markers",
        "max_queries(most): fail when the test runs more statements than this; names N+1 loads with their line",
    )
    config.addinivalue_line(
        "markers",
        "allow_hazards(*kinds): hazards that this test is about, such as allow_hazards('cartesian-product'), or "
        "one relationship or table of a kind: allow_hazards('n+1:Agent.executions')",
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Count the statements of a test that has a budget, or whose hazards are asked for."""
    marker = item.get_closest_marker("max_queries")
    hazards = item.config.getoption("--query-hazards") or read_setting(item.config, "query_snapshot_query_hazards")
    database: Any = getattr(item, "funcargs", {}).get("isolated_database")
    if marker is not None and (database is None or len(marker.args) != 1 or not isinstance(marker.args[0], int)):
        pytest.fail(
            "max_queries takes one number, and a test that uses session, engine or their async forms",
            pytrace=False,
        )
    if database is None or (marker is None and hazards == "off"):
        return (yield)
    from pytest_query_snapshot.budgets.query_log import Ledger  # noqa: PLC0415  only for tests with a budget

    ledger = Ledger(database.engine)
    ledger.open()
    try:
        result = yield
    finally:
        ledger.close()
    _judge(item, ledger.entries, most=marker.args[0] if marker is not None else None, hazards=hazards)
    return result


def _judge(item: pytest.Item, entries: list[Entry], *, most: int | None, hazards: str) -> None:
    """Fail the test for a broken budget, or for a hazard where they fail."""
    from pytest_query_snapshot.budgets.messages import broken_budget  # noqa: PLC0415  see above

    if most is not None and len(entries) > most:
        pytest.fail(broken_budget(entries, most), pytrace=False)
    if hazards == "off":
        return
    found = _hazards(item, entries)
    if found and hazards == "fail":
        pytest.fail("\n".join(found), pytrace=False)
    item.user_properties.extend((_PROPERTY, text) for text in found)


def _hazards(item: pytest.Item, entries: list[Entry]) -> list[str]:
    from pytest_query_snapshot.budgets.messages import KINDS, told_hazards  # noqa: PLC0415  see above

    allowed = {kind for marker in item.iter_markers("allow_hazards") for kind in marker.args}
    allowed |= {line.strip() for line in read_setting(item.config, "query_snapshot_allowed_hazards")}
    unknown = sorted({kind.partition(":")[0] for kind in allowed} - KINDS)
    if unknown:
        pytest.fail(
            f"no hazard is called {', '.join(unknown)}; there are {', '.join(sorted(KINDS))}", pytrace=False
        )
    return told_hazards(
        entries,
        allowed=frozenset(allowed),
        growing=tuple(read_setting(item.config, "query_snapshot_unbounded_tables")),
        tenant_columns=tuple(item.config.getini("query_snapshot_tenant_columns")),
    )


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List the hazards that tests met, from every worker."""
    found: dict[str, list[str]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            if getattr(report, "when", None) == "call":
                for text in (text for name, text in report.user_properties if name == _PROPERTY):
                    found.setdefault(text, []).append(report.nodeid)
    if not found:
        return
    terminalreporter.section("query hazards")
    for text, tests in found.items():
        terminalreporter.write_line(text)
        for test in tests[:_SHOWN]:
            terminalreporter.write_line(f"  {test}")
        if len(tests) > _SHOWN:
            terminalreporter.write_line(f"  and {len(tests) - _SHOWN} more tests")
