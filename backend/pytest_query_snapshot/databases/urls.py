"""Database URLs in the forms of all supported drivers, read once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import sqlalchemy as sa

from pytest_query_snapshot.errors import ConfigurationError

_SUPPORTED = ("sqlite", "postgresql")
_SQLITE_HEADER = b"SQLite format 3\x00"
_FILES = ("sqlite", "duckdb")
_MEMORY = (None, "", ":memory:")
# arguments of asyncpg, pg8000 and SQLAlchemy's dialects that say nothing about where to connect
_OF_DRIVERS = frozenset({
    "async_fallback", "command_timeout", "direct_tls", "max_cacheable_statement_size", "executemany_mode",
    "max_cached_statement_lifetime", "prepared_statement_cache_size", "prepared_statement_name_func",
    "server_settings", "statement_cache_size", "tcp_keepalive", "prepare_threshold", "use_native_hstore",
})  # fmt: skip
_LIBPQ_NAMES = {"ssl": "sslmode", "timeout": "connect_timeout", "unix_sock": "host", "database": "dbname"}
_SSL_MODES = {"true": "require", "1": "require", "on": "require", "false": "disable", "0": "disable"}


def parse_url(text: str, *, folder: Path) -> sa.URL:
    """Read `--database-url`; a relative SQLite file lies in `folder`. Raises ConfigurationError."""
    try:
        url = sa.make_url(text.strip())
    except sa.exc.ArgumentError as error:
        raise ConfigurationError(
            f"--database-url {text!r}: {error}; write sqlite:///file.db or postgresql://user@host/name"
        ) from error
    backend, plus, driver = url.drivername.partition("+")
    if backend == "postgres":  # as Heroku and libpq write it
        url = url.set(drivername=f"postgresql{plus}{driver}")
    backend = url.get_backend_name()
    if backend not in _SUPPORTED:
        raise ConfigurationError(
            f"--database-url {backend}: only {' and '.join(_SUPPORTED)} can roll back a whole test with its DDL"
        )
    return _with_file(url, folder=folder) if backend == "sqlite" else url


def is_in_memory(url: sa.URL) -> bool:
    """Return whether the database of a URL is gone with its engine."""
    name = url.database or ""
    if name.startswith("file:"):
        return "mode=memory" in name or url.query.get("mode") == "memory" or plain_file(name) == ":memory:"
    return name == ":memory:" or (not name and url.get_backend_name() in _FILES)


def plain_file(name: str | None) -> str | None:
    """Return the path that a URI of SQLite names (`file:test.db?mode=ro`); other names as they are."""
    if name is None or not name.startswith("file:"):
        return name
    return unquote(name.removeprefix("file:").partition("?")[0].removeprefix("//"))


def libpq_arguments(url: sa.URL) -> dict[str, str]:
    """Return what libpq needs to connect to the database that any driver's URL names."""
    named = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
    named["dbname"] = url.database
    arguments = {name: str(value) for name, value in named.items() if value is not None}
    for name, values in url.query.items():
        if name not in _OF_DRIVERS:
            arguments.update(_argument(_LIBPQ_NAMES.get(name, name), values))
    return arguments


def _argument(name: str, values: str | tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if name == "host":
        yield from _hosts((values,) if isinstance(values, str) else values)
        return
    value = values if isinstance(values, str) else ",".join(values)
    yield name, _SSL_MODES.get(value.lower(), value) if name == "sslmode" else value


def _hosts(values: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Read `?host=a:5432&host=b:5433`, as SQLAlchemy does."""
    hosts = [value.rpartition(":") if ":" in value else (value, "", "") for value in values]
    yield "host", ",".join(host for host, _, _ in hosts)
    if any(port for _, _, port in hosts):
        yield "port", ",".join(port for _, _, port in hosts)


def _with_file(url: sa.URL, *, folder: Path) -> sa.URL:
    """Make the file of an SQLite URL absolute: it has to be there, because it is only read."""
    name = None if is_in_memory(url) else plain_file(url.database)
    if name in _MEMORY:
        return sa.URL.create(url.drivername)
    path = folder / str(name)
    if not path.is_file():
        raise ConfigurationError(
            f"--database-url {url!r}: {path} does not exist; the tests read it and never create it. "
            "Without --database-url they run on an empty database in memory"
        )
    with path.open("rb") as file:
        header = file.read(len(_SQLITE_HEADER))
    if header and header != _SQLITE_HEADER:
        raise ConfigurationError(f"--database-url {url!r}: {path} is not an SQLite database")
    return url.set(database=str(path), query={})
