"""The plugin's parts; what each declares is in its own module, and imports nothing heavy.

They are registered here and not named in `pytest_plugins`: for each name there pytest reads the metadata of every
installed distribution once more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_query_snapshot import (
    budget_plugin,
    database_plugin,
    determinism_plugin,
    golden_plugin,
    review_plugin,
    run_plugin,
)

if TYPE_CHECKING:
    import pytest

_PARTS = (database_plugin, golden_plugin, budget_plugin, review_plugin, run_plugin, determinism_plugin)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the parts, each by the name of its module."""
    for part in _PARTS:
        if not pluginmanager.is_blocked(part.__name__):
            pluginmanager.register(part, part.__name__)
