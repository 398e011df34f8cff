"""The test that runs, and what its markers mean: found once for each test, before its fixtures.

Fixtures of the plugin take the test from here and not from `request`: since version 9, pytest inspects a signature
twice for each fixture that asks for one, which takes longer than most of these fixtures.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.modes import Isolation

_RUNNING: pytest.StashKey[RunningTest] = pytest.StashKey()


class RunningTest:
    """The test that runs, its markers, and its isolation mode; a plugin of its own, to keep them for fixtures.

    misspelt: the complaint about a fixture of the project whose name nothing asks for.
    """

    config: pytest.Config
    item: pytest.Item
    markers: tuple[pytest.Mark, ...]
    isolation: Isolation
    misspelt: str | None = None
    _mode_of_run: Isolation | None = None

    def pytest_configure(self, config: pytest.Config) -> None:
        """Let hooks find this object."""
        self.config = config
        config.stash[_RUNNING] = self

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """Refuse markers and fixtures without an effect, and begin a test. Raises ConfigurationError."""
        self.item = item
        self.markers = markers = tuple(item.iter_markers())
        if self.misspelt is not None:
            from pytest_query_snapshot.errors import ConfigurationError  # noqa: PLC0415  only for an error

            raise ConfigurationError(self.misspelt)
        if markers:
            from pytest_query_snapshot.hooks.markers import check_markers  # noqa: PLC0415  only for marked tests

            check_markers(item, markers)
        self.isolation = self._isolation(item)
        from pytest_query_snapshot.hooks.connections import begin_test  # noqa: PLC0415  a part that imports this one

        begin_test(item, self.isolation)
        return (yield)

    def _isolation(self, item: pytest.Item) -> Isolation:
        """Return the mode of a test; the mode of the run is read once."""
        from pytest_query_snapshot.databases.modes import isolation_of, isolation_of_run  # noqa: PLC0415  see databases.py

        if any(marker.name == "isolation" for marker in self.markers):
            return isolation_of(item)
        if self._mode_of_run is None:
            self._mode_of_run = isolation_of_run(item.config)
        return self._mode_of_run


def running_test_of(config: pytest.Config) -> RunningTest:
    """Return the object that knows the test which runs."""
    return config.stash[_RUNNING]
