"""The rows of large tables that a test has committed, by the journals of the keeper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.databases.connections.postgresql.restore import is_written, written_keys
from pytest_query_snapshot.databases.schema.catalog import KEEPER_SCHEMA
from pytest_query_snapshot.databases.touched_rows import Touched

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.connections.postgresql.tables import KeptTable
    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable


class JournaledRows:
    """The rows that were committed since the baseline was put back."""

    def __init__(self, tables: dict[int, KeptTable], raw: Any) -> None:
        self._tables = {table.shown: table for table in tables.values() if table.journaled}
        self._raw = raw

    def of(self, table: CatalogTable) -> Touched | None:
        """Return the touched rows of a table; None for one without a journal, and for one that was truncated."""
        kept = self._tables.get(f"{table.schema or 'public'}.{table.name}")
        if kept is None:
            return None
        truncated = f"SELECT EXISTS (SELECT FROM {KEEPER_SCHEMA}.truncated_{kept.oid})"  # noqa: S608  a name of our own
        if self._raw.execute(truncated).fetchone()[0]:
            return None
        return Touched(is_written(kept), removed=written_keys(kept))
