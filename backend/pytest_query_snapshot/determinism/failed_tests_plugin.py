"""A plugin for the runs of the determinism command: writes the ids of the tests that failed to a file."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from pytest_query_snapshot.determinism.variations import FAILED_TESTS_FILE


class _Reports:
    """A listener for reports; a plugin of its own because the hook does not get the configuration."""

    def __init__(self) -> None:
        self.failed: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that failed in any phase."""
        if report.failed:
            self.failed[report.nodeid] = None

    def pytest_sessionfinish(self) -> None:
        """Write the list; only the main process has the path."""
        Path(os.environ[FAILED_TESTS_FILE]).write_text(json.dumps([*self.failed]), encoding="utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Listen, except in a worker of pytest-xdist, which hears of its own tests alone."""
    if FAILED_TESTS_FILE in os.environ and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Reports(), "query-snapshot-failed-tests")
