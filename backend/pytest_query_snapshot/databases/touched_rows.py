"""The rows of large tables that were written since a mark, so that a step does not read all the others again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable


@dataclass(frozen=True, slots=True)
class Touched:
    """The rows of one table that may be others than at the mark; every other row is as it was.

    condition: SQL that is true for those that are there.
    removed: a relation with the keys of rows that may be gone, in columns called as those of the table; empty if
    no row is gone, None if that is not known.
    """

    condition: str
    removed: str | None


UNTOUCHED = Touched("", "")
"""The answer for a table to which nothing was written."""


class TouchedRows(Protocol):
    """The rows that were written to a database since a mark."""

    def of(self, table: CatalogTable) -> Touched | None:
        """Return the touched rows of a table; None if any row may be another."""
