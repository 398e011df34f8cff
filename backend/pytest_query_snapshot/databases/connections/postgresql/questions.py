# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""The questions that a keeper asks after each test: what has changed, and which transactions are open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pytest_query_snapshot.databases.catalog import KEEPER_SCHEMA

# an idle connection with an advisory lock would make the next test wait, like an open transaction
_OTHERS = """
FROM pg_stat_activity AS a
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
  AND (state <> 'idle' OR backend_xid IS NOT NULL
       OR EXISTS (SELECT FROM pg_locks AS l WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted))
"""
# the next transaction number: it moves with every write, those that were rolled back included
QUICK = f"SELECT pg_snapshot_xmax(pg_current_snapshot())::text, (SELECT count(*) {_OTHERS})"
OPEN_TRANSACTIONS = f"SELECT pid, coalesce(state, ''), coalesce(query, '') {_OTHERS} ORDER BY pid"
STILL_THERE = "SELECT count(*) FROM pg_stat_activity WHERE pid = ANY(%s)"
END = "SELECT pg_terminate_backend(pid) FROM unnest(%s::int[]) AS pid"
PREPARED = "SELECT gid FROM pg_prepared_xacts WHERE database = current_database()"
# what belongs to the server or can't be put back by rows
_SETTINGS = (
    "(SELECT coalesce(sum(hashtext(s::text)), 0) FROM pg_db_role_setting AS s JOIN pg_database AS d "
    "ON d.oid = s.setdatabase WHERE d.datname = current_database())"
)
_LARGE_OBJECTS = "(SELECT coalesce(sum(xmin::text::int8), 0) FROM pg_largeobject_metadata)"
_PREPARED = "(SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database())"
_ROLES = (
    "(SELECT coalesce(sum(hashtext(format('%s %s %s %s %s %s', rolname, rolsuper, rolcreatedb, rolcreaterole, "
    "rolcanlogin, rolbypassrls))), 0) FROM pg_roles)"
)
_DATABASES = "(SELECT count(*) FROM pg_database WHERE NOT starts_with(datname, 'query_snapshot_'))"
_SERVER = {"a prepared transaction": _PREPARED, "a role": _ROLES, "a database of the server": _DATABASES}


@dataclass(frozen=True, slots=True)
class Facts:
    """The position of every flag and sequence at one moment.

    structure: moves with DDL, with settings of the database and with large objects.
    server: what belongs to the whole server, by its name for users.
    """

    xmax: str
    structure: tuple[str, ...]
    server: tuple[str, ...]
    flags: tuple[str, ...]
    sequences: tuple[str, ...]


class Question:
    """The detailed question about some tables and sequences, as one statement with one text as its answer."""

    def __init__(self, tables: Sequence[int], sequences: Sequence[str]) -> None:
        self._tables = len(tables)
        flags = [_flag(f"{KEEPER_SCHEMA}.flag_{oid}") for oid in tables]
        positions = [f"(SELECT last_value || ',' || is_called::text FROM {name})" for name in sequences]
        structure = (_flag(f"{KEEPER_SCHEMA}.ddl"), _SETTINGS, _LARGE_OBJECTS)
        parts = ("pg_snapshot_xmax(pg_current_snapshot())", *structure, *_SERVER.values(), *flags, *positions)
        # a row of texts has no limit on its length that a call of concat_ws has
        self.text = f"SELECT array_to_string(ARRAY[{', '.join(f'{part}::text' for part in parts)}], ' ')"

    def read(self, answer: str) -> Facts:
        """Cut the answer into facts."""
        values = tuple(answer.split(" "))
        server, flags = 4, 4 + len(_SERVER)
        return Facts(
            values[0],
            values[1:server],
            values[server:flags],
            values[flags : flags + self._tables],
            values[flags + self._tables :],
        )


def _flag(name: str) -> str:
    return f"(SELECT last_value * 2 + is_called::int FROM {name})"


def server_changes(before: Facts, now: Facts) -> tuple[str, ...]:
    """Name what was changed that belongs to the whole server."""
    pairs = zip(_SERVER, before.server, now.server, strict=True)
    return tuple(name for name, was, is_now in pairs if was != is_now)


def moved(names: Sequence[Any], before: Sequence[str], now: Sequence[str]) -> Mapping[Any, str]:
    """Return the flags or sequences that moved, with where they were."""
    pairs = zip(names, before, now, strict=True)
    return {name: was for name, was, is_now in pairs if was != is_now}
