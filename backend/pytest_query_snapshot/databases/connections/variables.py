"""Environment variables through which the application gets the tests' database: its URL, or the parts of one."""

from __future__ import annotations

import os
import re
import string
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from pytest_query_snapshot.errors import ConfigurationError

MAIN = ""
"""The label of the database that has the schema and the seeds."""

_URL = re.compile(r"(?P<name>[^=@\s]+)\s*(?:=\s*(?P<driver>[\w+]*)(?:@(?P<label>\w+))?)?")
_PARTS = re.compile(r"(?P<name>[^=@\s]+)(?:@(?P<label>\w+))?\s*=\s*(?P<form>.*\{.*)")
_SERVER = re.compile(r"\{(?:host|port|user|password)[!:}]")
_ASYNC_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
_FIELDS = ("host", "port", "user", "password", "database")


@dataclass(slots=True)
class _Variable:
    """One variable; drivers: those of its URL, form: its value with `{host}` and the like, instead of a URL."""

    label: str
    drivers: list[str] = field(default_factory=list)
    form: str = ""

    @property
    def dialects(self) -> set[str]:
        """The dialects that a driver is chosen for."""
        return set(map(_dialect, self.drivers))

    def value(self, url: sa.URL) -> str:
        """Return what the variable has to hold for a database."""
        if self.form:
            return self.form.format_map(_parts_of(url))
        return with_driver(url, self.drivers).render_as_string(hide_password=False)


class URLVariables:
    """The settings `NAME`, `NAME=dialect+driver`, `NAME=dialect+driver@database` and `NAME={host}`.

    A name may be given once for each dialect. Names with an `@database` share a further database of that name.
    """

    def __init__(self, settings: Iterable[str]) -> None:
        self._variables: dict[str, _Variable] = {}
        for setting in settings:
            self._add(setting.strip())
        self._before: dict[str, str | None] = {}

    def __bool__(self) -> bool:
        return bool(self._variables)

    @property
    def labels(self) -> tuple[str, ...]:
        """The databases, the main one first."""
        return tuple(dict.fromkeys((MAIN, *(variable.label for variable in self._variables.values()))))

    def check_labels(self, names: Iterable[str]) -> None:
        """Refuse further databases whose URL no variable has. Raises ConfigurationError."""
        unknown = sorted({*names} - {*self.labels})
        if unknown:
            raise ConfigurationError(
                f"query_snapshot_databases: no variable has the URL of {unknown[0]}; add 'NAME=@{unknown[0]}' to "
                "query_snapshot_url_variables"
            )

    def values(self, url: sa.URL, *, label: str = MAIN) -> dict[str, str]:
        """Return what each variable has to hold for a database. Raises ConfigurationError."""
        for name, variable in self._variables.items():
            if url.get_backend_name() == "sqlite" and _SERVER.search(variable.form):
                raise ConfigurationError(
                    f"query_snapshot_url_variables: '{name}={variable.form}': SQLite has a {{database}} and no "
                    "more; run with --database postgresql (in addopts), or give --database-url"
                )
        return {name: variable.value(url) for name, variable in self._variables.items() if variable.label == label}

    def drivers(self, url: sa.URL, *, label: str = MAIN) -> tuple[str, ...]:
        """Return the drivers that were asked for."""
        wanted = [each for each in self._variables.values() if each.label == label and not each.form]
        return tuple(with_driver(url, each.drivers).drivername for each in wanted)

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

    def _add(self, setting: str) -> None:
        parts = _PARTS.fullmatch(setting)
        if parts is not None:
            _check_form(setting, parts["form"])
            self._check_once(setting, parts["name"])
            self._variables[parts["name"]] = _Variable(parts["label"] or MAIN, form=parts["form"])
            return
        match = _URL.fullmatch(setting)
        if match is None or (match["driver"], match["label"]) == ("", None):
            raise ConfigurationError(
                f"query_snapshot_url_variables: {setting!r} must be 'NAME', 'NAME=postgresql+asyncpg', "
                "'NAME={host}' for a part of the URL or, for a further database, 'NAME=@audit'"
            )
        known = self._variables.setdefault(match["name"], _Variable(match["label"] or MAIN))
        drivers = [*filter(None, [match["driver"]])]
        if known.form or known.label != (match["label"] or MAIN) or set(map(_dialect, drivers)) & known.dialects:
            self._check_once(setting, match["name"])
        known.drivers += drivers

    def _check_once(self, setting: str, name: str) -> None:
        if name in self._variables:
            raise ConfigurationError(
                f"query_snapshot_url_variables: {setting!r}: {name} is set by another line already; a variable "
                "has one value, and its URL one driver for each dialect"
            )

    def _apply(self, values: Mapping[str, str]) -> None:
        for name, value in values.items():
            self._before.setdefault(name, os.environ.get(name))
            os.environ[name] = value


def _check_form(setting: str, form: str) -> None:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(form) if name is not None]
    except ValueError as error:
        raise ConfigurationError(f"query_snapshot_url_variables: {setting!r}: {error}") from error
    unknown = [name for name in names if name not in _FIELDS]
    if unknown:
        raise ConfigurationError(
            f"query_snapshot_url_variables: {setting!r}: {unknown[0]!r} is not a part of a URL; there are "
            f"{', '.join(f'{{{name}}}' for name in _FIELDS)}"
        )


def _parts_of(url: sa.URL) -> dict[str, str]:
    """Return the parts of a URL; the host of a Unix socket is its folder."""
    query = {name: value if isinstance(value, str) else value[0] for name, value in url.query.items()}
    default_port = "5432" if url.get_backend_name() == "postgresql" else ""
    return {
        "host": url.host or query.get("host", ""),
        "port": str(url.port or query.get("port", default_port)),
        "user": url.username or "",
        "password": url.password or "",
        "database": url.database or "",
    }


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
