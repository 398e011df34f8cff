"""The rows that were written to an SQLite database since a mark, found by its pages."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Self

from pytest_query_snapshot.databases.schema.table_catalog import quoted
from pytest_query_snapshot.databases.sqlite_pages import Image, ImageDifference
from pytest_query_snapshot.databases.touched_rows import UNTOUCHED, Touched

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.schema.table_catalog import CatalogTable

_LARGEST_IMAGE = 16 * 2**20
"""The image of a larger database is not kept: there is one for each of the latest seed sets."""
_MOST_ROWS = 2_000
"""The number of touched rows beyond which a table is read in full."""


@dataclass(frozen=True, slots=True)
class SQLiteMark:
    """The images of every schema of a database."""

    images: dict[str, Image]

    @classmethod
    def of(cls, raw: sqlite3.Connection, schemas: tuple[str, ...]) -> Self | None:
        """Keep the images; None for a large database."""
        sizes = (
            raw.execute(f"PRAGMA {quoted(name)}.page_count").fetchone()[0]
            * raw.execute(f"PRAGMA {quoted(name)}.page_size").fetchone()[0]
            for name in schemas
        )
        return cls({name: _image(raw, name) for name in schemas}) if sum(sizes) < _LARGEST_IMAGE else None


class SQLiteTouchedRows:
    """The rows that were written to a database since a mark; the images are compared on first use."""

    def __init__(self, mark: SQLiteMark, raw: sqlite3.Connection) -> None:
        self._mark = mark
        self._raw = raw
        self._difference = cache(self._compared)

    def of(self, table: CatalogTable) -> Touched | None:
        """Return the touched rows of a table; None if any row may be another."""
        schema = table.schema or "main"
        difference = self._difference(schema) if schema in self._mark.images else None
        if difference is None or not difference.is_comparable or table.name not in difference.roots:
            return None
        changed = difference.rows_of(table.name)
        rowid = _rowid_name(table)
        if changed is None or rowid is None or len(changed.written) + len(changed.removed) > _MOST_ROWS:
            return None
        if not changed.written and not changed.removed:
            return UNTOUCHED
        written = f"{rowid} IN ({', '.join(map(str, changed.written))})"
        return Touched(written, self._removed(table, schema, changed.removed))

    def _compared(self, schema: str) -> ImageDifference:
        found = self._raw.execute(f"SELECT name, rootpage FROM {quoted(schema)}.sqlite_master WHERE rootpage > 0")  # noqa: S608  a name of the catalog
        return ImageDifference(self._mark.images[schema], _image(self._raw, schema), roots=dict(found))

    def _removed(self, table: CatalogTable, schema: str, rowids: tuple[int, ...]) -> str | None:
        """Return the relation of the keys that are gone; None where a row can get another key."""
        types = {column.name: column.type.upper() for column in table.columns}
        if len(table.key) != 1 or types[table.key[0]] != "INTEGER":
            return None
        indexes = self._raw.execute(f"PRAGMA {quoted(schema)}.index_list({quoted(table.name)})").fetchall()
        if any(origin == "pk" for _, _, _, origin, *_ in indexes):  # INTEGER PRIMARY KEY DESC is not the rowid
            return None
        values = ", ".join(f"({rowid})" for rowid in rowids)
        return f"(SELECT column1 AS {quoted(table.key[0])} FROM (VALUES {values}))" if rowids else ""  # noqa: S608  see above


def _image(raw: sqlite3.Connection, schema: str) -> Image:
    is_empty = raw.execute(f"SELECT 1 FROM {quoted(schema)}.sqlite_master").fetchone() is None  # noqa: S608  see above
    return Image(b"" if is_empty else raw.serialize(name=schema))


def _rowid_name(table: CatalogTable) -> str | None:
    """Return a name of the rowid that no column has taken."""
    taken = {column.name.lower() for column in table.columns}
    return next((name for name in ("rowid", "_rowid_", "oid") if name not in taken), None)
