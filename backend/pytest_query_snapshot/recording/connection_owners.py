"""The connection of SQLAlchemy that a driver's own one belongs to."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any
from weakref import WeakSet, ref

import sqlalchemy as sa

from pytest_query_snapshot.recording.process_objects import objects_of


class ConnectionOwners:
    """Finds the owners of drivers' connections, first among those that have an open transaction.

    open_now: the connections that have one; the recorder adds to it and removes from it.
    """

    def __init__(self, open_now: Collection[sa.Connection]) -> None:
        self._open = open_now
        self._found: WeakSet[sa.Connection] = WeakSet()
        # by number, as a driver's connection need not have a hash
        self._ownerless: dict[int, ref[Any]] = {}

    def forget(self) -> None:
        """Forget which drivers' connections had no owner."""
        self._ownerless.clear()

    def of(self, driver: Any) -> sa.Connection | None:
        """Return the connection of SQLAlchemy that works on a driver's one."""
        if driver is None or self._is_ownerless(driver):
            return None
        owner = _first_with(driver, [*self._open, *self._found])
        if owner is None:  # its transaction may have begun before the test recorded anything
            self._found.update(objects_of(sa.Connection, "closed"))
            owner = _first_with(driver, list(self._found))
        if owner is None:
            with suppress(TypeError):  # without weak references it is sought again
                self._ownerless[id(driver)] = ref(driver)
        return owner

    def _is_ownerless(self, driver: Any) -> bool:
        known = self._ownerless.get(id(driver))
        return known is not None and known() is driver  # another one may have got its number


def _first_with(driver: Any, connections: Iterable[sa.Connection]) -> sa.Connection | None:
    return next((each for each in connections if driver in _drivers_of(each)), None)


def _drivers_of(connection: sa.Connection) -> tuple[Any, ...]:
    if connection.closed or connection.invalidated:
        return ()
    proxied = connection.connection
    return (proxied.dbapi_connection, proxied.driver_connection)
