"""The rows that a test of the mode `savepoint` has written on PostgreSQL, found by their transaction numbers.

Seeds and tests work in subtransactions of one transaction, and a later one has a higher number. The server reads
every row for that, but sends none of those that are as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from psycopg.pq import ExecStatus

from pytest_query_snapshot.databases.schema.table_catalog import quoted
from pytest_query_snapshot.databases.touched_rows import Touched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable

_MARK = "query_snapshot_youngest"
_AS_OWNER = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE NONE; SET LOCAL row_security = off"
_YOUNGEST = "COALESCE(pg_catalog.min(pg_catalog.age(xmin)), 2147483647)"
# what decides how the values of a row read, besides the row: new columns, labels of enums, expressions of virtual
# columns, types, and the casts and functions that write them
_CATALOGS = ("pg_attribute", "pg_attrdef", "pg_enum", "pg_type", "pg_cast", "pg_proc", "pg_inherits")
_STRUCTURE = f"SELECT LEAST({', '.join(f'(SELECT {_YOUNGEST} FROM pg_catalog.{name})' for name in _CATALOGS)})"  # noqa: S608  see above


@dataclass(frozen=True, slots=True)
class TransactionMark:
    """The number of the youngest row of each table and of the catalog, counted back from the transaction's own.

    raw: the connection whose transaction it is.
    """

    raw: Any
    youngest: dict[str, int]
    structure: int

    @classmethod
    def of(cls, raw: Any, tables: Sequence[CatalogTable]) -> Self | None:
        """Mark the rows of some tables; None where they can't be read."""
        found = [_select_number(raw, f"SELECT {_YOUNGEST} FROM {_name(table)}") for table in tables]  # noqa: S608  names of the catalog
        structure = _select_number(raw, _STRUCTURE)
        if structure is None:
            return None
        youngest = {table.fullname: age for table, age in zip(tables, found, strict=True) if age is not None}
        return cls(raw, youngest, structure)


class TransactionTouchedRows:
    """The rows that were written since a mark, in the same transaction."""

    def __init__(self, mark: TransactionMark) -> None:
        self._mark = mark

    def of(self, table: CatalogTable) -> Touched | None:
        """Return the touched rows of a table; None if any row may be another."""
        youngest = self._mark.youngest.get(table.fullname)
        if youngest is None or self._has_other_structure:
            return None
        return Touched(f"pg_catalog.age(xmin) OPERATOR(pg_catalog.<) {youngest}", removed=None)

    @cached_property
    def _has_other_structure(self) -> bool:
        return _select_number(self._mark.raw, _STRUCTURE) != self._mark.structure


def _name(table: CatalogTable) -> str:
    return f"{quoted(table.schema or 'public')}.{quoted(table.name)}"


def _select_number(raw: Any, query: str) -> int | None:
    """Return the number that a query selects for the user who connected; None if it fails."""
    answer = raw.pgconn.exec_(f"SAVEPOINT {_MARK}; {_AS_OWNER}; {query}".encode())
    raw.pgconn.exec_(f"ROLLBACK TO SAVEPOINT {_MARK}; RELEASE SAVEPOINT {_MARK}".encode())
    return int(answer.get_value(0, 0)) if answer.status == ExecStatus.TUPLES_OK else None
