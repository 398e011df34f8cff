"""The database that a connection of a driver leads to, where no pool of SQLAlchemy made the connection."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlalchemy as sa

_HERE = frozenset({"", "localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class DriverTarget:
    """The place of one database: its dialect, name and host."""

    dialect_name: str
    database: str
    host: str = ""

    def is_database_of(self, url: sa.URL) -> bool:
        """Return whether a URL names the same database."""
        if url.get_backend_name() != self.dialect_name:
            return False
        if self.dialect_name == "sqlite":
            return bool(self.database) and os.path.realpath(url.database or "") == os.path.realpath(self.database)
        if url.database != self.database:
            return False
        host = url.host or ""
        return host == self.host or _is_local(host) or _is_local(self.host)


def _is_local(host: str) -> bool:
    return host in _HERE or host.startswith("/")
