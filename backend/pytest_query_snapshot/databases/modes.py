"""The isolation modes, and which of them a test runs in."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from pytest_query_snapshot.errors import ConfigurationError

if TYPE_CHECKING:
    import pytest


class Isolation(StrEnum):
    """The owner of a test's engines, and the way in which its work is undone."""

    SAVEPOINT = "savepoint"
    CONNECTIONS = "connections"
    NONE = "none"


def isolation_of_run(config: pytest.Config) -> Isolation:
    """Return the mode of tests without a marker: the option, else the setting. Raises ConfigurationError."""
    option = config.getoption("--isolation")
    return parse_isolation(
        option or config.getini("query_snapshot_isolation"),
        source="--isolation" if option else "query_snapshot_isolation",
    )


def isolation_of(item: pytest.Item) -> Isolation:
    """Return the mode of a test: its nearest `isolation` marker, else that of the run."""
    marker = item.get_closest_marker("isolation")
    if marker is None:
        return isolation_of_run(item.config)
    if len(marker.args) != 1 or marker.kwargs:
        raise ConfigurationError(f'{item.nodeid}: the marker takes one mode: isolation("connections")')
    return parse_isolation(marker.args[0], source=f"{item.nodeid}: marker isolation")


def parse_isolation(value: object, *, source: str) -> Isolation:
    """Read the name of a mode. Raises ConfigurationError."""
    try:
        return Isolation(value)  # type: ignore[arg-type]  # anything else is the error below
    except ValueError as error:
        known = ", ".join(Isolation)
        raise ConfigurationError(f"{source}: {value!r} is not an isolation mode; choose one of {known}") from error
