# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""What a PostgreSQL database holds, as a digest and as the facts that the isolation needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

KEEPER_SCHEMA = "query_snapshot_keeper"
"""The schema of the plugin's own objects in a database of the mode `connections`."""

_OURS = f"n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '{KEEPER_SCHEMA}')"

_STRUCTURE = f"""
SELECT md5(coalesce(string_agg(line, E'\\n' ORDER BY line), '')) FROM (
  SELECT format('%s %s.%s', c.relkind, n.nspname, c.relname) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {_OURS}
  UNION ALL
  SELECT format('column %s.%s.%s %s %s %s', n.nspname, c.relname, a.attname, a.attnum,
                format_type(a.atttypid, a.atttypmod), a.attnotnull)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_OURS} AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('constraint %s.%s %s', n.nspname, k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE {_OURS}
  UNION ALL
  SELECT format('index %s', pg_get_indexdef(i.indexrelid))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {_OURS}
  UNION ALL
  SELECT format('routine %s.%s %s', n.nspname, p.proname, p.prosrc)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {_OURS}
  UNION ALL
  SELECT format('type %s.%s', n.nspname, t.typname)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE {_OURS}
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t WHERE NOT t.tgisinternal
) AS facts
"""
_TABLES = f"""
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_OURS} AND c.relkind IN ('r', 'm') AND c.relpersistence <> 't' ORDER BY 1
"""
_SEQUENCES = f"""
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {_OURS} AND c.relkind = 'S' ORDER BY 1
"""
# sequences that number a column, with the table and column that they number
_OWNED = """
SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', tn.nspname, t.relname), quote_ident(a.attname)
FROM pg_depend d
JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
ORDER BY 1
"""
_DEFERRABLE = """
SELECT quote_ident(n.nspname) || '.' || quote_ident(k.conname), k.condeferred
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE k.condeferrable ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Sequence:
    """Where a sequence stands."""

    name: str
    last_value: int
    is_called: bool


def digest(raw: Any) -> str:
    """Digest the structure, and every row of every table."""
    structure = raw.execute(_STRUCTURE).fetchone()[0]
    rows = []
    for (table,) in raw.execute(_TABLES).fetchall():
        summed = f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM ONLY {table} AS t"
        rows.append((table, *raw.execute(summed).fetchone()))
    return f"{structure} {rows}"


def sequences(raw: Any) -> list[Sequence]:
    """Read where every sequence stands."""
    names = [name for (name,) in raw.execute(_SEQUENCES).fetchall()]
    return [Sequence(name, *raw.execute(f"SELECT last_value, is_called FROM {name}").fetchone()) for name in names]


def restoring(before: list[Sequence]) -> str:
    """Write what puts sequences back: no rollback does it."""
    return "SELECT " + ", ".join(f"setval('{one.name}', {one.last_value}, {one.is_called})" for one in before)


def advance(raw: Any) -> None:
    """Let each sequence that numbers a column go on after the column's greatest value, as SQLite's rowids do."""
    for sequence, table, column in raw.execute(_OWNED).fetchall():
        raw.execute(
            f"SELECT setval('{sequence}', greatest_value) FROM "
            f"(SELECT max({column}) AS greatest_value FROM {table}) AS t, {sequence} AS s "
            "WHERE greatest_value >= s.last_value"
        )


def deferrable(raw: Any) -> tuple[bool, str]:
    """Tell whether any constraint is deferrable, and name those that wait until commit on their own."""
    found = raw.execute(_DEFERRABLE).fetchall()
    return bool(found), ", ".join(name for name, waits in found if waits)
