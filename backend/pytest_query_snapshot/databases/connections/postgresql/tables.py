# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""Facts about the tables and sequences of a PostgreSQL database, for the keeper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pytest_query_snapshot.databases.schema.catalog import KEEPER_SCHEMA

_APPLICATION = f"n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '{KEEPER_SCHEMA}')"

# a: always, r: in the replica role, which is the keeper's
_TABLES = f"""
SELECT c.oid::int8, format('%I.%I', n.nspname, c.relname), n.nspname || '.' || c.relname, c.relkind = 'p',
  ARRAY(SELECT quote_ident(attname) FROM pg_attribute
        WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum),
  ARRAY(SELECT quote_ident(a.attname)
        FROM pg_index i CROSS JOIN unnest(i.indkey) WITH ORDINALITY AS k (attnum, place)
        JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
        WHERE i.indrelid = c.oid AND i.indisprimary ORDER BY k.place),
  ARRAY(SELECT inhrelid::int8 FROM pg_inherits WHERE inhparent = c.oid),
  EXISTS(SELECT FROM pg_inherits WHERE inhrelid = c.oid),
  to_regclass('{KEEPER_SCHEMA}.journal_' || c.oid) IS NOT NULL,
  EXISTS(SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgenabled IN ('A', 'R')
         AND NOT t.tgisinternal AND NOT starts_with(t.tgname, '{KEEPER_SCHEMA}'))
  OR EXISTS(SELECT FROM pg_rewrite r WHERE r.ev_class = c.oid AND r.ev_enabled IN ('A', 'R'))
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_APPLICATION} AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' ORDER BY c.oid
"""
_SEQUENCES = f"""
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_APPLICATION} AND c.relkind = 'S' AND c.relpersistence <> 't' ORDER BY c.oid
"""


_OIDS = """
SELECT name::regclass::oid::int8 FROM unnest(%s::text[]) WITH ORDINALITY AS n (name, place) ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class KeptTable:
    """One table of the application.

    name: quoted and qualified, for statements; shown: the same without quotes.
    columns: all but generated ones, quoted, like those of the primary key.
    journaled: written keys are noted, since the table is too large to be rewritten.
    fires_always: triggers or rules of the application would fire for what the keeper writes.
    """

    oid: int
    name: str
    shown: str
    is_partitioned: bool
    columns: tuple[str, ...]
    key: tuple[str, ...]
    children: tuple[int, ...]
    is_child: bool
    journaled: bool
    fires_always: bool

    @property
    def rewritable(self) -> bool:
        """Return whether rows can be put back by INSERT."""
        return bool(self.columns) and not self.fires_always


def read_tables(raw: Any) -> dict[int, KeptTable]:
    """Read the tables of all schemas but the system's, by oid."""
    found = raw.execute(_TABLES).fetchall()
    return {
        oid: KeptTable(oid, name, shown, partitioned, tuple(columns), tuple(key), tuple(children), *facts)
        for oid, name, shown, partitioned, columns, key, children, *facts in found
    }


def read_sequences(raw: Any) -> tuple[str, ...]:
    """Read the quoted names of all sequences."""
    return tuple(name for (name,) in raw.execute(_SEQUENCES).fetchall())


def read_position(raw: Any, sequence: str) -> str:
    """Read where a sequence stands, as the arguments of setval."""
    return str(raw.execute(f"SELECT last_value || ',' || is_called::text FROM {sequence}").fetchone()[0])


def read_flags(raw: Any, tables: dict[int, KeptTable]) -> tuple[int, ...]:
    """Read the oids of the flags of tables, which a copy of the database keeps."""
    return read_oids(raw, [f"{KEEPER_SCHEMA}.flag_{oid}" for oid in tables])


def read_oids(raw: Any, names: Iterable[str]) -> tuple[int, ...]:
    """Read the oids of relations."""
    found = raw.execute(_OIDS, (list(names),))
    return tuple(oid for (oid,) in found.fetchall())


def with_children(dirty: frozenset[int], tables: dict[int, KeptTable]) -> frozenset[int]:
    """Add the tables that inherit from dirty ones: a write through the root fires only the root's trigger."""
    found = set(dirty)
    pending = list(dirty)
    while pending:
        children = set(tables[pending.pop()].children) - found
        found |= children
        pending += children
    return frozenset(found)
