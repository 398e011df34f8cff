"""The file, one JSON value a line: a header, for each table its columns and rows, at last the count of rows.

Values are written as SQLite stores them (ids as 32 digits, instants as text, JSON as text), whichever database
they come from. A file whose name ends in .gz is compressed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from typing import IO, TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from controlplane.errors import ArchiveError
from controlplane.models.tracked_json import TrackedJSON

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FORMAT, FORMAT_VERSION = "controlplane-rows", 1
_SQLITE = sqlite.dialect()


class TableRows(NamedTuple):
    """Some rows of one table, as stored values in the order of `columns`."""

    table: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


def select_stored(table: sa.Table) -> sa.Select[Any]:
    """Select every column; JSON as text, so that JSON null and SQL NULL differ."""
    return sa.select(
        *(
            sa.cast(column, sa.Text).label(column.name) if isinstance(column.type, TrackedJSON) else column
            for column in table.columns
        )
    )


def to_stored(table: sa.Table) -> Any:
    """Return a function that turns a row of `select_stored` into stored values."""
    processors = [
        None if isinstance(column.type, TrackedJSON) else column.type.dialect_impl(_SQLITE).bind_processor(_SQLITE)
        for column in table.columns
    ]

    def convert(row: Any) -> tuple[Any, ...]:
        return tuple(
            value if process is None or value is None else process(value)
            for process, value in zip(processors, row, strict=True)
        )

    return convert


def from_stored(table: sa.Table, columns: tuple[str, ...]) -> Any:
    """Return a function that turns stored values into what an INSERT takes; SQL nulls are left out."""
    processors = [_reader(table.columns[name]) for name in columns]

    def convert(row: tuple[Any, ...]) -> dict[str, Any]:
        return {
            name: value if process is None else process(value)
            for name, process, value in zip(columns, processors, row, strict=True)
            if value is not None
        }

    return convert


def _reader(column: sa.Column[Any]) -> Any:
    if isinstance(column.type, TrackedJSON):
        return json.loads
    return column.type.dialect_impl(_SQLITE).result_processor(_SQLITE, None)


def write_rows(file: IO[str], *, header: dict[str, Any], tables: Iterable[TableRows]) -> int:
    """Write a header and rows; return how many rows."""
    _write_line(file, {"format": FORMAT, "format_version": FORMAT_VERSION, **header})
    count = 0
    for table in tables:
        _write_line(file, {"table": table.table, "columns": table.columns})
        for row in table.rows:
            _write_line(file, row)
            count += 1
    _write_line(file, {"rows": count})
    return count


def _write_line(file: IO[str], value: Any) -> None:
    file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def read_rows(path: Path) -> tuple[dict[str, Any], list[TableRows]]:
    """Read a whole file: its header and the rows of each table.

    Raises:
        ArchiveError: it is not such a file, of a later format, or cut off.
    """
    opened: Any = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8") as file:
            values = [json.loads(line) for line in file]
    except (ValueError, EOFError, RecursionError, gzip.BadGzipFile, zlib.error) as error:
        raise ArchiveError(file=path, problem=f"it is not a file of rows: {error}") from None
    header = values[0] if values and isinstance(values[0], dict) else {}
    if header.get("format") != FORMAT:
        raise ArchiveError(file=path, problem="it is not a file of rows of the control plane")
    if header.get("format_version") != FORMAT_VERSION:
        raise ArchiveError(file=path, problem=f"its format version is {header.get('format_version')}, not 1")
    tables: list[TableRows] = []
    count = 0
    for number, value in enumerate(values[1:-1], 2):
        if _is_heading(value):
            tables.append(TableRows(value["table"], tuple(value["columns"]), []))
        elif tables and isinstance(value, list) and len(value) == len(tables[-1].columns):
            tables[-1].rows.append(tuple(value))  # type: ignore[attr-defined]  # made as a list above
            count += 1
        else:
            problem = (
                f"line {number} is not a row of {tables[-1].table}" if tables else f"line {number} is not a table"
            )
            raise ArchiveError(file=path, problem=problem)
    if values[-1] != {"rows": count}:
        raise ArchiveError(file=path, problem="its end is missing")
    return header, tables


def _is_heading(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and isinstance(value.get("table"), str)
        and isinstance(columns := value.get("columns"), list)
        and all(isinstance(name, str) for name in columns)
    )
