"""Seed markers that would load nothing: empty, misspelt, or on a test that uses no database of the plugin's."""

from __future__ import annotations

import difflib
from typing import Any

import pytest

from pytest_query_snapshot.errors import ConfigurationError

_NEAR = 0.75
_DATABASES = frozenset({"isolated_database", "scratch_database", "database_url"})


def check_seed_markers(item: pytest.Item) -> None:
    """Raise ConfigurationError for the first marker of a test that was meant to load seeds and loads none."""
    for marker in item.iter_markers():
        if marker.name == "seed":
            _check_names(item, marker)
        elif _is_misspelt(item.config, marker.name):
            raise ConfigurationError(f"{item.nodeid}: marker {marker.name} is not known; did you mean seed?")


def _check_names(item: pytest.Item, marker: pytest.Mark) -> None:
    if not marker.args or marker.kwargs or not all(isinstance(name, str) and name for name in marker.args):
        raise ConfigurationError(f'{item.nodeid}: marker seed names no file; write seed("agents") for agents.sql')
    fixtures: Any = getattr(item, "fixturenames", ())
    if marker in item.own_markers and not _DATABASES & set(fixtures) and not _uses_connections(item):
        raise ConfigurationError(
            f"{item.nodeid}: marker seed on a test that uses no database of the plugin: take `session` or "
            '`engine`, or use isolation("connections") for the engines of the application'
        )


def _uses_connections(item: pytest.Item) -> bool:
    """Return whether the seeds reach the engines of the application without a fixture."""
    from pytest_query_snapshot.databases.modes import Isolation, isolation_of  # noqa: PLC0415

    return isolation_of(item) is Isolation.CONNECTIONS


def _is_misspelt(config: pytest.Config, name: str) -> bool:
    known = {str(line).partition(":")[0].partition("(")[0].strip() for line in config.getini("markers")}
    return name not in known and bool(difflib.get_close_matches(name.lower(), ["seed"], cutoff=_NEAR))
