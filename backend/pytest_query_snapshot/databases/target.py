"""The database that a run uses, from its options."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from pytest_query_snapshot.databases.savepoint.connection_guard import ConnectionGuard
from pytest_query_snapshot.databases.sqlite import SQLiteDatabase
from pytest_query_snapshot.databases.urls import parse_url
from pytest_query_snapshot.errors import ConfigurationError

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.isolation import Database
    from pytest_query_snapshot.databases.servers.provisioning import Sweeper
    from pytest_query_snapshot.databases.servers.server import PostgreSQLServer

PREFIX: Final = "query_snapshot_"
"""The beginning of the names of all databases that runs make on a server."""


@dataclass(slots=True)
class DatabaseTarget:
    """One run's database: SQLite, a server of the run's own, or a given URL.

    `worker` names the xdist worker that this process is, if any; `run` is the same in all processes of a run.
    """

    kind: str
    url: sa.URL | None
    worker: str | None
    run: str
    given: bool  # the URL is the user's, not our server's
    listens: bool = False  # our server has a port and a password
    server: PostgreSQLServer | None = field(default=None)
    answers: bool = False  # our server does
    guard: ConnectionGuard = field(default_factory=ConnectionGuard)
    opened: int = 0
    sweeper: Sweeper | None = field(default=None)

    def open(self) -> Database:
        """Give a database of this process's own: another one at each call."""
        if self.kind == "sqlite":
            path = None if self.url is None else _file_of(self.url)
            if path is not None:
                self.guard.watch_file(path)
            return SQLiteDatabase(path)
        from pytest_query_snapshot.databases.postgresql import PostgreSQLDatabase  # noqa: PLC0415
        from pytest_query_snapshot.databases.servers import provisioning  # noqa: PLC0415  psycopg is an extra

        url = self.launch()
        self.guard.watch_postgresql(url)
        self.opened += 1
        name = f"{self.prefix}{self.worker or 'main'}_{self.opened}"

        def make() -> sa.URL:
            self.wait()
            self.sweep_after_kill()
            own = provisioning.create(url, name, template=url.database if self.given else None)
            self.guard.watch_postgresql(own)
            return own

        def renew() -> sa.URL:
            provisioning.drop(url, name)
            return make()

        if self.worker is None and self.opened == 1:
            return PostgreSQLDatabase(url, renew=None if self.given else renew, wait=self.wait)
        return PostgreSQLDatabase(make(), on_shut=lambda: provisioning.drop(url, name), renew=renew)

    def launch(self) -> sa.URL:
        """Start the server if it is the run's own, and give its URL; it may not answer before `wait` returns."""
        if self.url is None:
            from pytest_query_snapshot.databases.servers.server import PostgreSQLServer  # noqa: PLC0415  psycopg is an extra

            self.server = PostgreSQLServer(listens=self.listens)
            self.url = sa.make_url(self.server.url)
        return self.url

    def wait(self) -> None:
        """Wait until the run's own server answers, if it has one. Raises ServerError."""
        if self.server is not None and not self.answers:
            self.server.wait()
            self.answers = True

    def address(self) -> sa.URL:
        """Give the URL of the PostgreSQL server, which answers."""
        url = self.launch()
        self.wait()
        return url

    def start(self) -> str | None:
        """Start the run's own server if it needs one; gives what other processes need to know."""
        if self.kind == "postgresql":
            self.address()
        return None if self.url is None or self.given else self.url.render_as_string(hide_password=False)

    def sweep_after_kill(self) -> None:
        """See that a kill of this process leaves no database of its own on a server that is the user's."""
        if self.given and self.sweeper is None and self.url is not None:
            from pytest_query_snapshot.databases.servers import provisioning  # noqa: PLC0415  psycopg is an extra

            self.sweeper = provisioning.Sweeper(self.url, f"{self.prefix}{self.worker or 'main'}_")

    def stop(self) -> None:
        """Remove what workers that were killed could not, and end the server."""
        self.guard.end()
        if self.sweeper is not None:
            self.sweeper.end()
            self.sweeper = None
        if self.server is not None:
            self.server.stop()
            self.server, self.answers = None, False
        elif self.given and self.kind == "postgresql" and self.worker is None and self.url is not None:
            import psycopg  # noqa: PLC0415  an extra

            from pytest_query_snapshot.databases.servers import provisioning  # noqa: PLC0415

            with suppress(psycopg.OperationalError):  # nothing is left on a server that can't be reached
                provisioning.drop_all(self.url, prefix=self.prefix)

    def with_own_server(self) -> DatabaseTarget:
        """Return the same target for a PostgreSQL server of this process's own, which ``stop`` ends."""
        return replace(self, url=None, server=None, answers=False, guard=ConnectionGuard(), opened=0)

    @property
    def prefix(self) -> str:
        """Return the prefix of the names of this run's databases."""
        return f"{PREFIX}{self.run}_"


def choose(
    kind: str | None,
    url: str | None,
    workerinput: Mapping[str, Any] | None,
    *,
    folder: Path,
    listens: bool = False,
) -> DatabaseTarget:
    """Read the options. Raises ConfigurationError when they contradict each other or name what can't work."""
    worker = None if workerinput is None else str(workerinput["workerid"])
    run = uuid.uuid4().hex[:8] if workerinput is None else str(workerinput["query_snapshot_run"])
    if url is None:
        server = None if workerinput is None else workerinput.get("query_snapshot_server")
        shared = None if server is None else sa.make_url(server)
        return DatabaseTarget(kind or "sqlite", shared, worker, run, given=False, listens=listens)
    parsed = parse_url(url, folder=folder)
    backend = parsed.get_backend_name()
    if kind is not None and kind != backend:
        raise ConfigurationError(f"--database {kind} contradicts --database-url {parsed!r}")
    return DatabaseTarget(backend, parsed, worker, run, given=True)


def _file_of(url: sa.URL) -> Path | None:
    return None if url.database in (None, "", ":memory:") else Path(str(url.database))
