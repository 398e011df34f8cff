"""The plugin's parts; what each declares is in its own module, and imports nothing heavy.

They are registered here and not named in `pytest_plugins`: for each name there pytest reads the metadata of every
installed distribution once more.
"""

from __future__ import annotations

import pytest

from pytest_query_snapshot.hooks import (
    budgets,
    causes,
    connections,
    databases,
    determinism,
    goldens,
    review,
    sessions,
    settings,
)

_PARTS = (settings, databases, connections, goldens, budgets, review, causes, sessions, determinism)


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the parts, each by the name of its module."""
    for part in _PARTS:
        if not pluginmanager.is_blocked(part.__name__):
            pluginmanager.register(part, part.__name__)
