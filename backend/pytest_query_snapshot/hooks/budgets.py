"""Hooks of the budgets: the max_queries marker, and hazards where they are asked for."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

from pytest_query_snapshot.hooks.goldens import is_counting
from pytest_query_snapshot.hooks.settings import read_setting

if TYPE_CHECKING:
    from pytest_query_snapshot.budgets.watch import Watch

_PROPERTY = "query_hazard"
_WATCH: pytest.StashKey[Watch] = pytest.StashKey()
_HAZARDS: pytest.StashKey[str] = pytest.StashKey()
_SHOWN = 3
"""Tests named for one hazard: they all meet the same line of code."""


def pytest_configure(config: pytest.Config) -> None:
    """Declare the markers; refuse allowed hazards that are not known."""
    config.addinivalue_line(
        "markers",
        "max_queries(limit): fail when the test runs more statements than this, on any engine; names N+1 loads "
        "with their line",
    )
    config.addinivalue_line(
        "markers",
        "allow_hazards(*kinds): hazards that this test is about, such as allow_hazards('cartesian-product'), or "
        "one relationship or table of a kind: allow_hazards('n+1:Agent.executions')",
    )
    allowed = read_setting(config, "query_snapshot_allowed_hazards")
    if allowed:
        from pytest_query_snapshot.budgets.messages import unknown_hazards  # noqa: PLC0415  only where it is set

        problem = unknown_hazards(allowed)
        if problem is not None:
            raise pytest.UsageError(f"query_snapshot_allowed_hazards: {problem}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Count the statements of a test that has a budget, or whose hazards are asked for, on whichever engine."""
    marker = item.get_closest_marker("max_queries")  # a fixture may have added it
    hazards = _hazards_option(item)
    if marker is not None and (len(marker.args) != 1 or marker.kwargs or not _is_limit(marker.args[0])):
        pytest.fail("max_queries takes one number of statements, such as max_queries(3)", pytrace=False)
    if marker is None and hazards == "off":
        return (yield)
    from pytest_query_snapshot.budgets.watch import Watch  # noqa: PLC0415  only for tests with a budget

    watch = Watch(counts=is_counting(item), hazards=hazards != "off")
    watch.open()
    item.stash[_WATCH] = watch
    try:
        result = yield
    finally:
        watch.close()
    _fail_for_findings(item, watch, limit=marker.args[0] if marker is not None else None, hazards=hazards)
    return result


def _hazards_option(item: pytest.Item) -> str:
    config = item.config
    if _HAZARDS not in config.stash:
        option = config.getoption("--query-hazards") or read_setting(config, "query_snapshot_query_hazards")
        config.stash[_HAZARDS] = str(option)
    return config.stash[_HAZARDS]


def _is_limit(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """Find connections that are open when every fixture of the test is gone."""
    result = yield
    watch = item.stash.get(_WATCH, None)
    if watch is None:
        return result
    from pytest_query_snapshot.budgets.messages import finding_messages  # noqa: PLC0415  see above

    watch.stop_connections()
    if watch.allowed is not None:
        _report(item, finding_messages(watch.open_connections(), allowed=watch.allowed), _hazards_option(item))
    return result


def _fail_for_findings(item: pytest.Item, watch: Watch, *, limit: int | None, hazards: str) -> None:
    """Fail the test for a broken budget, or for a hazard where they fail."""
    from pytest_query_snapshot.budgets.messages import over_budget_message  # noqa: PLC0415  see above

    if limit is not None and len(watch.entries) > limit:
        pytest.fail(over_budget_message(watch.entries, limit), pytrace=False)
    if limit and not watch.entries and "isolated_database" not in getattr(item, "funcargs", {}):
        pytest.fail(
            f"max_queries({limit}) counted nothing: the test runs no statement on an engine of SQLAlchemy",
            pytrace=False,
        )
    if hazards != "off":
        _report(item, _hazards(item, watch), hazards)


def _report(item: pytest.Item, found: list[str], hazards: str) -> None:
    if found and hazards == "fail":
        pytest.fail("\n".join(found), pytrace=False)
    item.user_properties.extend((_PROPERTY, text) for text in found)


def _allowed(item: pytest.Item) -> frozenset[str]:
    allowed = {kind for marker in item.iter_markers("allow_hazards") for kind in marker.args}
    return frozenset(allowed.union(read_setting(item.config, "query_snapshot_allowed_hazards")))


def _hazards(item: pytest.Item, watch: Watch) -> list[str]:
    from pytest_query_snapshot.budgets.messages import finding_messages, hazard_messages  # noqa: PLC0415  see above

    watch.allowed = allowed = _allowed(item)
    return hazard_messages(
        watch.entries,
        allowed=allowed,
        growing=tuple(read_setting(item.config, "query_snapshot_unbounded_tables")),
        tenant_columns=tuple(item.config.getini("query_snapshot_tenant_columns")),
    ) + finding_messages(watch.unread_columns(), allowed=allowed)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """List the hazards that tests met, from every worker."""
    found: dict[str, dict[str, None]] = {}
    for reports in terminalreporter.stats.values():
        for report in reports:
            # the report of the end of a test has what the call has, and the connections that are open
            if getattr(report, "when", None) in {"call", "teardown"}:
                for text in (text for name, text in report.user_properties if name == _PROPERTY):
                    found.setdefault(text, {})[report.nodeid] = None
    if not found:
        return
    terminalreporter.section("query hazards")
    for text, tests in found.items():
        terminalreporter.write_line(text)
        for test in list(tests)[:_SHOWN]:
            terminalreporter.write_line(f"  {test}")
        if len(tests) > _SHOWN:
            terminalreporter.write_line(f"  and {len(tests) - _SHOWN} more tests")
