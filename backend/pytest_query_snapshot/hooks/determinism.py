"""The option that runs a suite on rows inserted in another order."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import Any

import pytest

from pytest_query_snapshot.errors import ConfigurationError


def is_experiment(config: pytest.Config) -> bool:
    """Return whether this run varies what should not matter: it leaves no proposals for goldens and no record."""
    return config.getoption("--row-order") != "seed" or os.environ.get("QUERY_SNAPSHOT_PENDING") == "off"


def pytest_configure(config: pytest.Config) -> None:
    """Refuse to write goldens from rows in an arbitrary order, and an order where nothing is inserted."""
    if config.getoption("--row-order") == "seed":
        return
    if config.getoption("--snapshot-update", default=False):
        message = "--row-order is for finding dependent goldens; it does not go with --snapshot-update"
        raise pytest.UsageError(message)
    if (config.getoption("--isolation") or config.getini("query_snapshot_isolation")) != "savepoint":
        raise pytest.UsageError("--row-order orders the rows of seeds in the isolation mode savepoint alone")
    config.pluginmanager.register(_Reordering(config.getoption("--row-order")), "query-snapshot-reordering")


class _Reordering:
    """Reorders rows; a plugin of its own: other runs would call it for each fixture."""

    def __init__(self, order: str) -> None:
        self._order = order

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
        """Reorder the rows as soon as the test has its database."""
        database = yield
        if fixturedef.argname == "_query_snapshot_connections" and database is not None:
            raise ConfigurationError(
                "--row-order orders the rows of the isolation mode savepoint; this test of the mode connections "
                'would run with those of the seed: deselect it, or mark it with isolation("savepoint")'
            )
        if fixturedef.argname == "isolated_database":
            from pytest_query_snapshot.determinism.reinsert import reorder  # noqa: PLC0415  only when asked for

            reorder(database, self._order)
        return database


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Name the tests that depend on the order of insertion."""
    order = config.getoption("--row-order")
    failed = [report.nodeid for report in terminalreporter.stats.get("failed", ())]
    if order == "seed" or not failed:
        return
    terminalreporter.section("order of insertion")
    terminalreporter.write_line(
        f"with rows inserted {order}, these tests fail; where they pass without, they depend on it:"
    )
    for nodeid in failed:
        terminalreporter.write_line(f"  {nodeid}")
