"""The plugin's parts; what each declares is in its own module, and imports nothing heavy.

They are registered here and not named in `pytest_plugins`: for each name there pytest reads the metadata of every
installed distribution once more.
"""

from __future__ import annotations

from contextlib import suppress

import pytest

from pytest_query_snapshot.hooks import (
    budgets,
    connections,
    databases,
    determinism,
    goldens,
    review,
    sessions,
)

_PARTS = (databases, connections, goldens, budgets, review, sessions, determinism)
_SETTINGS = (
    "query_snapshot_metadata",
    "query_snapshot_seeds",
    "query_snapshot_isolation",
    "query_snapshot_url_variables",
    "query_snapshot_dir",
    "query_snapshot_mask",
    "query_snapshot_hazards",
    "query_snapshot_growing_tables",
    "query_snapshot_tenant_columns",
)


def pytest_configure(config: pytest.Config) -> None:
    """Refuse settings that hold a value of the wrong type, before any test meets them."""
    for name in _SETTINGS:
        try:
            with suppress(ValueError):  # its part is blocked
                config.getini(name)
        except TypeError as error:
            raise pytest.UsageError(str(error)) from error


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    """Register the parts, each by the name of its module."""
    for part in _PARTS:
        if not pluginmanager.is_blocked(part.__name__):
            pluginmanager.register(part, part.__name__)
