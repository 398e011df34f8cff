"""Environment variables through which the application gets the URL of the tests' database."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from pytest_query_snapshot.errors import ConfigurationError

MAIN = ""
"""The label of the database that has the schema and the seeds."""

_SETTING = re.compile(r"(?P<name>[^=@\s]+)\s*(?:=\s*(?P<driver>[\w+]*)(?:@(?P<label>\w+))?)?")
_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}


class URLVariables:
    """The settings `NAME`, `NAME=dialect+driver` and `NAME=dialect+driver@database`.

    A name may be given once for each dialect. Names with an `@database` share a further database of that name.
    """

    def __init__(self, settings: Iterable[str]) -> None:
        self._drivers: dict[str, list[str]] = {}
        self._labels: dict[str, str] = {}
        for setting in settings:
            match = _SETTING.fullmatch(setting.strip())
            if match is None or (match["driver"], match["label"]) == ("", None):
                raise ConfigurationError(
                    f"query_snapshot_url_variables: {setting!r} must be 'NAME', 'NAME=postgresql+asyncpg' or, for "
                    "a further database, 'NAME=@audit'"
                )
            self._drivers.setdefault(match["name"], []).extend(filter(None, [match["driver"]]))
            self._labels[match["name"]] = match["label"] or MAIN
        self._before: dict[str, str | None] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The databases, the main one first."""
        return tuple(dict.fromkeys((MAIN, *self._labels.values())))

    def values(self, url: sa.URL, *, label: str = MAIN) -> dict[str, str]:
        """Return what each variable has to hold for a database."""
        return {
            name: with_driver(url, drivers).render_as_string(hide_password=False)
            for name, drivers in self._drivers.items()
            if self._labels[name] == label
        }

    def drivers(self, url: sa.URL, *, label: str = MAIN) -> tuple[str, ...]:
        """Return the drivers that were asked for."""
        names = [name for name, its_label in self._labels.items() if its_label == label]
        return tuple(with_driver(url, self._drivers[name]).drivername for name in names)

    def set(self, url: sa.URL, *, label: str = MAIN) -> None:
        """Set the variables of a database."""
        self._apply(self.values(url, label=label))

    def restore(self) -> None:
        """Set the variables to what they were."""
        before, self._before = self._before, {}
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    def _apply(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self._before.setdefault(name, os.environ.get(name))
            os.environ[name] = value


def with_driver(url: sa.URL, drivers: list[str]) -> sa.URL:
    """Give the URL one of the wanted drivers: that of its own database, else one that is async if those are."""
    backend = url.get_backend_name()
    for driver in drivers:
        if _dialect(driver) == backend:
            return url.set(drivername=driver)
    if any(_is_async(url, driver) for driver in drivers):
        return url.set(drivername=_ASYNC_DRIVERS[backend])
    return url


def _dialect(driver: str) -> str:
    name = driver.partition("+")[0]
    return "postgresql" if name == "postgres" else name


def _is_async(url: sa.URL, driver: str) -> bool:
    try:
        return bool(url.set(drivername=driver).get_dialect().is_async)
    except (ImportError, sa.exc.ArgumentError) as error:
        raise ConfigurationError(f"query_snapshot_url_variables: {driver!r}: {error}") from error
