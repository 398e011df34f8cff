"""What one process of a run holds for the isolation mode `connections`: one database, with a fixed URL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.connections.database import ConnectedDatabase
from pytest_query_snapshot.databases.connections.keeper import Keeper
from pytest_query_snapshot.databases.connections.variables import URLVariables

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.target import Choice


class ConnectionsRun:
    """The database of this process; its name is known before it is made."""

    def __init__(self, choice: Choice, variables: URLVariables) -> None:
        self._choice = choice
        self._variables = variables
        self.keeper = _make_keeper(choice)
        self._database: ConnectedDatabase | None = None
        variables.set(self.keeper.url)

    @property
    def url(self) -> sa.URL:
        """The URL of the database."""
        return self.keeper.url

    def database(self, *, engine_options: dict[str, Any] | None = None) -> ConnectedDatabase:
        """Return the database; its engines get the options of the first call."""
        if self._database is None:
            drivers = self._variables.drivers(self.url)
            self._database = ConnectedDatabase(self.keeper, drivers=drivers, engine_options=engine_options)
        return self._database

    def finish(self) -> list[str]:
        """Drop the database; return what the run has to report."""
        self._variables.restore()
        if self._database is None:
            self.keeper.close()
            return []
        self._database.finish()
        return self._database.notes


def _make_keeper(choice: Choice) -> Keeper:
    if choice.kind == "sqlite":
        from pytest_query_snapshot.databases.connections.sqlite import SQLiteKeeper  # noqa: PLC0415

        given = None if choice.url is None else choice.url.database
        return SQLiteKeeper(source=Path(given) if given and given != ":memory:" else None)
    from pytest_query_snapshot.databases.connections.postgresql.keeper import PostgreSQLKeeper  # noqa: PLC0415  an extra

    server = choice.address()
    name = f"{choice.prefix}{choice.worker or 'main'}_app"
    return PostgreSQLKeeper(server, name, template=server.database if choice.given else None)
