"""SQLAlchemy dialects for connections that are contained; the SQL they compile is their parents'."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import registry
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class Contained:
    """Differences from the parent: the real connection was prepared once, and isolation levels have no effect."""

    driver = "query_snapshot"
    supports_statement_cache = True

    def on_connect(self) -> None:
        """Prepare nothing: the one real connection is ready."""

    def set_isolation_level(self, dbapi_connection: Any, level: str) -> None:
        """Note the level; AUTOCOMMIT commits each statement, within the test. No other client is connected."""
        dbapi_connection.autocommit = level == "AUTOCOMMIT"
        dbapi_connection.isolation_name = level

    def get_isolation_level(self, dbapi_connection: Any) -> str:
        """Return the level that was set."""
        name = dbapi_connection.isolation_name
        return str(name or self.get_default_isolation_level(dbapi_connection))

    def get_default_isolation_level(self, dbapi_connection: Any) -> str:
        """Return the database's usual level."""
        del dbapi_connection
        return {"sqlite": "SERIALIZABLE"}.get(getattr(self, "name", ""), "READ COMMITTED")

    def detect_autocommit_setting(self, dbapi_connection: Any) -> bool:
        """Return whether each statement commits by itself."""
        return bool(dbapi_connection.autocommit)


class ContainedSQLite(Contained, SQLiteDialect_pysqlite):  # type: ignore[misc]  # the parent's signatures are wider
    """SQLite."""

    supports_statement_cache = True


def register() -> None:
    """Make the dialects known by name: `sqlite+query_snapshot` and `postgresql+query_snapshot`."""
    registry.register("sqlite.query_snapshot", __name__, "ContainedSQLite")
    registry.register("postgresql.query_snapshot", f"{__package__}.dialect_postgresql", "ContainedPostgreSQL")
