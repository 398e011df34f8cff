# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""Write the statements that put dirty tables and moved sequences back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pytest_query_snapshot.databases.connections.postgresql.tables import KeptTable
from pytest_query_snapshot.databases.schema.catalog import KEEPER_SCHEMA


def restore_script(dirty: Iterable[KeptTable], sequences: Mapping[str, str]) -> str:
    """Write one message for the server; empty when there is nothing to do.

    sequences: where each moved sequence has to stand, as the arguments of setval.
    """
    parts: list[str] = []
    for table in dirty:
        if not table.is_partitioned:  # a partitioned root holds no rows
            parts += _by_journal(table) if table.journaled else _whole(table)
    if sequences:
        calls = (f"setval('{name}', {position})" for name, position in sequences.items())
        parts.append("SELECT " + ", ".join(calls))
    # it takes a transaction number also where it finds nothing to write
    return ";\n".join(("BEGIN", "SELECT pg_current_xact_id()", *parts, "COMMIT")) if parts else ""


def _whole(table: KeptTable) -> list[str]:
    """Rewrite a table; the rows keep the order they had, which unordered queries show."""
    return [f"DELETE FROM ONLY {table.name}", _insert(table, f"{KEEPER_SCHEMA}.copy_{table.oid}")]


def _by_journal(table: KeptTable) -> list[str]:
    """Put single rows back. The lateral joins look each key up in the index with any statistics."""
    journal, copy = f"{KEEPER_SCHEMA}.journal_{table.oid}", f"{KEEPER_SCHEMA}.copy_{table.oid}"
    truncated = f"{KEEPER_SCHEMA}.truncated_{table.oid}"
    same, written = _same_key(table), f"{written_keys(table)} AS written"
    return [
        f"DELETE FROM ONLY {table.name} WHERE {is_written(table)}",
        _insert(table, f"{written}, LATERAL (SELECT * FROM {copy} AS kept WHERE {same} OFFSET 0) AS copied"),
        f"{_insert(table, f'{copy} AS copied')} WHERE EXISTS (SELECT FROM {truncated}) ON CONFLICT DO NOTHING",
        f"DELETE FROM {journal}",
        f"DELETE FROM {truncated}",
    ]


def written_keys(table: KeptTable) -> str:
    """Name the relation of the keys that the journal of a table holds."""
    return f"(SELECT DISTINCT * FROM {KEEPER_SCHEMA}.journal_{table.oid})"


def is_written(table: KeptTable) -> str:
    """Write the condition of the rows whose keys the journal holds."""
    places = f"(SELECT kept.ctid FROM ONLY {table.name} AS kept WHERE {_same_key(table)} OFFSET 0) AS kept_now"
    found = f"SELECT kept_now.ctid FROM {written_keys(table)} AS written, LATERAL {places}"
    return f"ctid = ANY(ARRAY({found}))"


def _same_key(table: KeptTable) -> str:
    return " AND ".join(f"kept.{column} = written.{column}" for column in table.key)


def _insert(table: KeptTable, source: str) -> str:
    columns = ", ".join(table.columns)
    alias = "copied." if " AS copied" in source else ""
    values = ", ".join(f"{alias}{column}" for column in table.columns)
    return f"INSERT INTO {table.name} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {source}"
