"""Markers of the plugin without an effect: empty, misspelt, of a wrong form, or on a test they do not reach."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

import pytest

from pytest_query_snapshot.errors import ConfigurationError

# a project may have markers of its own that are nearly as long: "isolated" is not a misspelt "isolation"
_NEAR = {"seed": 0.75, "isolation": 0.8, "max_queries": 0.8, "allow_hazards": 0.8}
_MISSPELT: pytest.StashKey[dict[str, str | None]] = pytest.StashKey()
_DATABASES = frozenset({"isolated_database", "scratch_database", "database_url"})


def check_markers(item: pytest.Item, markers: Iterable[pytest.Mark]) -> None:
    """Raise ConfigurationError for the first marker of a test that was meant for the plugin and has no effect."""
    for marker in markers:
        if marker.name == "seed":
            _check_names(item, marker)
        elif marker.name == "allow_hazards":
            _check_hazards(item, marker)
        elif marker.name not in _NEAR and (near := _misspelt(item.config, marker.name)):
            raise ConfigurationError(f"{item.nodeid}: marker {marker.name} is not known; did you mean {near}?")


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


def _check_hazards(item: pytest.Item, marker: pytest.Mark) -> None:
    from pytest_query_snapshot.budgets.messages import unknown_hazards  # noqa: PLC0415  only where it is used

    if not marker.args or marker.kwargs:
        raise ConfigurationError(
            f'{item.nodeid}: marker allow_hazards allows nothing; write allow_hazards("cartesian-product")'
        )
    problem = unknown_hazards(marker.args)
    if problem is not None:
        raise ConfigurationError(f"{item.nodeid}: marker allow_hazards: {problem}")


def _misspelt(config: pytest.Config, name: str) -> str | None:
    """Return the marker of the plugin that a marker which the project does not declare is meant to be."""
    found = config.stash.setdefault(_MISSPELT, {})
    if name not in found:
        found[name] = _near_marker(config, name)
    return found[name]


def _near_marker(config: pytest.Config, name: str) -> str | None:
    known = {str(line).partition(":")[0].partition("(")[0].strip() for line in config.getini("markers")}
    if name in known:
        return None
    return next(
        (own for own, near in _NEAR.items() if difflib.get_close_matches(name.lower(), [own], cutoff=near)), None
    )
