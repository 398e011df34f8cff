"""Databases made and dropped on a PostgreSQL server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from pytest_query_snapshot.databases.servers.server import connect_arguments
from pytest_query_snapshot.errors import ConfigurationError

_MAINTENANCE = ("postgres", "template1")


class Sweeper:
    """A process that drops the databases with a prefix if this process is killed."""

    def __init__(self, url: sa.URL, prefix: str) -> None:
        self._process = subprocess.Popen(  # noqa: S603  no shell, a script of ours
            [sys.executable, str(Path(__file__).with_name("sweeper.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,  # an interrupt in the terminal is not for it
        )
        assert self._process.stdin is not None  # noqa: S101  it is a pipe
        arguments = connect_arguments(url.set(database=maintenance_database(url)))
        self._process.stdin.write(json.dumps({"arguments": arguments, "prefix": prefix}) + "\n")
        self._process.stdin.flush()

    def end(self) -> None:
        """End it when the databases are dropped."""
        self._process.communicate("done\n")


def create(url: sa.URL, name: str, *, template: str | None = None) -> sa.URL:
    """Make a database beside the one at `url`, empty or a copy of another. Raises ConfigurationError."""
    wanted = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        wanted += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    try:
        with _maintenance(url, avoid=template) as connection:
            connection.execute(wanted)
    except psycopg.Error as error:
        raise ConfigurationError(
            f"could not make the database {name} that this needs: {str(error).strip()}; give --database-url a "
            "role that may create databases (ALTER ROLE .. CREATEDB) and a database without other "
            "clients, or run without xdist"
        ) from error
    return url.set(database=name)


def drop(url: sa.URL, name: str) -> None:
    """Drop a database and every connection to it."""
    with _maintenance(url, avoid=name) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def drop_all(url: sa.URL, *, prefix: str) -> None:
    """Drop every database whose name begins with a prefix."""
    with _maintenance(url, avoid=None) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,))
        names = [name for (name,) in found.fetchall()]
    for name in names:
        drop(url, name)


def _maintenance(url: sa.URL, *, avoid: str | None) -> psycopg.Connection[Any]:
    """Connect to a database of the same server that is not the one in question."""
    name = next((name for name in (url.database, *_MAINTENANCE) if name and name != avoid), None)
    return psycopg.connect(**connect_arguments(url.set(database=name)), autocommit=True)


def maintenance_database(url: sa.URL) -> str:
    """Return a database of the server to connect to when the one at `url` is itself a template."""
    return next(name for name in _MAINTENANCE if name != url.database)
