"""Databases of a PostgreSQL server that are made from templates."""

from __future__ import annotations

import time
from typing import Any

import psycopg
import sqlalchemy as sa
from psycopg import sql

from pytest_query_snapshot.databases.servers import provisioning
from pytest_query_snapshot.databases.servers.server import connect_arguments
from pytest_query_snapshot.errors import ConfigurationError

_STRATEGY = 150000  # the first version of the server that can choose; older ones always copy files
_POLL_SECONDS = 0.0005
_TIMEOUT_SECONDS = 10.0
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"


class Clones:
    """Makes and drops databases over one connection to another database of the server."""

    def __init__(self, server: sa.URL) -> None:
        self._server = server
        self._raw: Any = None
        self._sweeper: provisioning.Sweeper | None = None

    def sweep_after_kill(self, prefix: str) -> None:
        """Start a process that drops the databases with a prefix if this process is killed."""
        self._sweeper = provisioning.Sweeper(self._server, prefix)

    def create(self, name: str, *, template: str | None = None) -> None:
        """Make a database, empty or a copy of another. Raises ConfigurationError."""
        # template0 has no connections, while a connection to template1 stops every other CREATE DATABASE
        names = map(sql.Identifier, (name, template or "template0"))
        wanted: sql.Composable = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(*names)
        if self._connection().info.server_version >= _STRATEGY:
            wanted += sql.SQL(" STRATEGY file_copy")
        try:
            self._connection().execute(wanted)
        except psycopg.Error as error:
            raise ConfigurationError(
                f"could not make the database {name} for the isolation mode connections: {str(error).strip()}; "
                "the role of --database-url needs CREATEDB (ALTER ROLE .. CREATEDB) and has to own the database "
                "that is copied, to which no other client may be connected"
            ) from error

    def drop(self, name: str) -> None:
        """Drop a database and every connection to it."""
        self.end_connections(name)
        self._connection().execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def drop_all(self, *, prefix: str) -> None:
        """Drop every database whose name begins so."""
        found = self._connection().execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,)
        )
        for (name,) in found.fetchall():
            self.drop(name)

    def close(self) -> None:
        """Close the connection, and end the process that waits for a kill."""
        if self._raw is not None:
            self._raw.close()
            self._raw = None
        if self._sweeper is not None:
            self._sweeper.end()
            self._sweeper = None

    def end_connections(self, name: str) -> None:
        """End all connections to a database and wait until they are gone."""
        raw = self._connection()
        raw.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        deadline = time.monotonic() + _TIMEOUT_SECONDS
        while raw.execute(_CONNECTIONS, (name,)).fetchone()[0]:
            if time.monotonic() > deadline:
                return  # what follows says what is in the way
            time.sleep(_POLL_SECONDS)

    def _connection(self) -> Any:
        if self._raw is None or self._raw.closed:
            self._raw = psycopg.connect(**connect_arguments(self._maintenance_url()), autocommit=True)
        return self._raw

    def _maintenance_url(self) -> sa.URL:
        return self._server.set(database=provisioning.maintenance_database(self._server))
