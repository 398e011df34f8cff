"""Watches which databases the engines of the application connect to, and refuses what would not be undone."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.databases.urls import is_in_memory, plain_file
from pytest_query_snapshot.errors import ForeignConnectionError

_UNRECORDED = "query_snapshot_unrecorded"


class UseOfDatabases:
    """Listens to all engines of the process.

    is_refused: whether the running test is one of the mode `savepoint`, which would not undo their work.
    test: the running test of the mode `connections`; empty between tests.
    others: the first such test that used each database that is not one of the run.
    """

    def __init__(self) -> None:
        self.is_refused = False
        self.test = ""
        self.others: dict[sa.URL, str] = {}
        self._names: set[str] = set()

    def watch(self, url: sa.URL) -> None:
        """Take note of a database of the run; its name is unique."""
        if not self._names:
            event.listen(sa.Engine, "do_connect", self._connecting)
            event.listen(sa.Engine, "engine_connect", self._connected)
        self._names.add(str(url.database))

    def stop(self) -> None:
        """Stop listening."""
        if self._names:
            event.remove(sa.Engine, "do_connect", self._connecting)
            event.remove(sa.Engine, "engine_connect", self._connected)
            self._names.clear()

    def _connecting(self, _dialect: Any, _record: Any, arguments: Any, named: dict[str, Any]) -> None:
        """Hear of a new connection, also one that no `Engine.connect` asked for."""
        if self.is_refused:
            for value in (*arguments, *named.values()):
                self._check(value)

    def _connected(self, connection: sa.Connection) -> None:
        """Hear of a connection, also one that an earlier test left in a pool."""
        url = connection.engine.url
        if self.is_refused:
            try:
                self._check(url.database)
            except ForeignConnectionError:
                # its owner never gets it: it would be in use until the error is forgotten
                connection.close()
                raise
        elif self.test and plain_file(url.database) not in self._names and not is_in_memory(url):
            options = connection.get_execution_options()
            if _UNRECORDED not in options:
                self.others.setdefault(url, self.test)

    def _check(self, name: object) -> None:
        if isinstance(name, str) and plain_file(name) in self._names:
            raise ForeignConnectionError(project_line(), name)
