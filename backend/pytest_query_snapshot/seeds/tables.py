"""Rows of CSV and JSON files as INSERT statements, each with its place in the file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from pytest_query_snapshot.errors import SeedError
from pytest_query_snapshot.sql.splitter import ScriptStatement, line_at

# one cell and what ends it; a quoted cell may hold line breaks
_CELL = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|\Z)')
_TRUTHS = {"true": 1, "t": 1, "false": 0, "f": 0}
_BLANK = re.compile(r"[\s,]*")


def statements_of_csv(text: str, *, table: str, shown: str, dialect_name: str) -> Iterator[ScriptStatement]:
    """Read a table: the first line names the columns; an empty cell is NULL, and `""` an empty text."""
    header: list[str] | None = None
    for offset, cells in _csv_rows(text, shown=shown):
        if header is None:
            header = [cell or "" for cell in cells]
            continue
        if len(cells) != len(header):
            line = line_at(text, offset)
            raise SeedError(shown, line, f"has {len(cells)} cells for {len(header)} columns (nothing is loaded)")
        values = [
            _cell(cell, table=table, column=column, dialect_name=dialect_name)
            for column, cell in zip(header, cells, strict=True)
        ]
        yield ScriptStatement(_insert(table, header, values), offset)


def statements_of_json(text: str, *, table: str, shown: str, dialect_name: str) -> Iterator[ScriptStatement]:
    """Read a list of objects for one table, or an object of such lists, a table each."""
    try:
        whole = json.loads(text)
    except json.JSONDecodeError as error:
        raise SeedError(shown, error.lineno, f"is not JSON: {error.msg}") from error
    tables: Mapping[str, Any] = whole if isinstance(whole, dict) else {table: whole}
    position = 0
    for name, rows in tables.items():
        if not isinstance(rows, list):
            raise SeedError(shown, 1, f"{name} has to be a list of objects, one for each row")
        if isinstance(whole, dict):
            position = text.index(json.dumps(name, ensure_ascii=False), position)
        position = text.index("[", position) + 1
        for row in rows:
            position = _BLANK.match(text, position).end()  # type: ignore[union-attr]  # it matches the empty text too
            if not isinstance(row, dict):
                raise SeedError(shown, line_at(text, position), f"a row of {name} has to be an object")
            values = [literal(value, dialect_name=dialect_name) for value in row.values()]
            yield ScriptStatement(_insert(name, list(row), values), position)
            position = json.JSONDecoder().raw_decode(text, position)[1]


def literal(value: Any, *, dialect_name: str) -> str:
    """Write a value as SQL; what is neither number nor truth is a text, which the column's type reads."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, (bytes, memoryview)):
        written = bytes(value).hex()
        return f"'\\x{written}'" if dialect_name == "postgresql" else f"X'{written}'"
    if isinstance(value, (dict, list)):
        value = json.dumps(value, ensure_ascii=False, default=str)
    return _quoted(str(value))


def _insert(table: str, columns: list[str], values: list[str]) -> str:
    names = ", ".join(map(quoted_name, columns))
    where = ".".join(map(quoted_name, table.split(".")))
    return f"INSERT INTO {where} ({names}) VALUES ({', '.join(values)})"  # noqa: S608  a file of the project


def _cell(cell: str | None, *, table: str, column: str, dialect_name: str) -> str:
    if cell is None:
        return "NULL"
    if dialect_name == "sqlite" and cell.lower() in _TRUTHS:
        # only the column's type says whether this is a truth or a text
        named = _quoted(table.rpartition(".")[2])
        asked = f"SELECT type FROM pragma_table_info({named}) WHERE name = {_quoted(column)}"  # noqa: S608  literals
        return f"CASE WHEN ({asked}) LIKE 'BOOL%' THEN {_TRUTHS[cell.lower()]} ELSE {_quoted(cell)} END"
    return _quoted(cell)


def _csv_rows(text: str, *, shown: str) -> Iterator[tuple[int, list[str | None]]]:
    position, start = 0, 0
    row: list[str | None] = []
    while position < len(text):
        match = _CELL.match(text, position)
        if match is None:
            raise SeedError(shown, line_at(text, position), 'a cell with a " in it has to be quoted, as "a ""b"""')
        quoted, plain, ending = match.groups()
        row.append(quoted.replace('""', '"') if quoted is not None else plain or None)
        position = match.end()
        if ending != ",":
            if row != [None]:  # an empty line
                yield start, row
            row, start = [], position
    if row:  # the last line ends in a comma
        yield start, [*row, None]


def quoted_name(name: str) -> str:
    """Quote a name."""
    return '"' + name.strip().replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
