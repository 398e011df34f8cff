"""The PostgreSQL dialect for contained connections; apart, because it needs psycopg."""

from __future__ import annotations

from typing import Any

from psycopg.types import TypeInfo
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from pytest_query_snapshot.databases.savepoint.dialects import Contained


class ContainedPostgreSQL(Contained, PGDialect_psycopg):  # type: ignore[misc]  # the parent's signatures are wider
    """PostgreSQL by psycopg."""

    supports_statement_cache = True

    def _type_info_fetch(self, connection: Any, name: str) -> Any:
        # psycopg wants its own connection class here
        return TypeInfo.fetch(connection.connection.driver_connection.real, name)
