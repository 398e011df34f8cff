# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""The content of a PostgreSQL database, as a digest and as the facts that the isolation needs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from pytest_query_snapshot.databases.savepoint.connection_guard import APPLICATION

KEEPER_SCHEMA = "query_snapshot_keeper"
"""The schema of the plugin's own objects in a database of the mode `connections`."""

OWN_SCHEMAS = f"n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', '{KEEPER_SCHEMA}')"

_STRUCTURE = f"""
SELECT md5(coalesce(string_agg(line, E'\\n' ORDER BY line), '')) FROM (
  SELECT format('%s %s.%s %s %s', c.relkind, n.nspname, c.relname, c.relacl, c.relrowsecurity) AS line
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE {OWN_SCHEMAS}
  UNION ALL
  SELECT format('schema %s %s', n.nspname, n.nspacl) FROM pg_namespace n WHERE {OWN_SCHEMAS}
  UNION ALL
  SELECT format('settings of %s %s', s.setrole, s.setconfig) FROM pg_db_role_setting s
    WHERE s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
  UNION ALL
  SELECT format('policy %s %s %s %s', p.polrelid::regclass, p.polname, p.polcmd,
                pg_get_expr(p.polqual, p.polrelid)) FROM pg_policy p
  UNION ALL
  SELECT format('default %s %s %s', d.adrelid::regclass, d.adnum, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_attrdef d
  UNION ALL
  SELECT format('extension %s %s', extname, extversion) FROM pg_extension
  UNION ALL
  SELECT format('column %s.%s.%s %s %s %s', n.nspname, c.relname, a.attname, a.attnum,
                format_type(a.atttypid, a.atttypmod), a.attnotnull)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {OWN_SCHEMAS} AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL
  SELECT format('constraint %s.%s %s', n.nspname, k.conname, pg_get_constraintdef(k.oid))
    FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace WHERE {OWN_SCHEMAS}
  UNION ALL
  SELECT format('index %s', pg_get_indexdef(i.indexrelid))
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE {OWN_SCHEMAS}
  UNION ALL
  SELECT format('routine %s.%s %s', n.nspname, p.proname, p.prosrc)
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OWN_SCHEMAS}
  UNION ALL
  SELECT format('type %s.%s', n.nspname, t.typname)
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE {OWN_SCHEMAS}
  UNION ALL
  SELECT format('trigger %s', pg_get_triggerdef(t.oid)) FROM pg_trigger t WHERE NOT t.tgisinternal
) AS facts
"""
_TIME = "'\\m(now|transaction_timestamp)\\s*\\(\\s*\\)|\\m(CURRENT_(TIMESTAMP|DATE|TIME)|LOCALTIME)'"
# OFFSET 0: else the planner writes out the definition of everything in pg_catalog before it looks at the schema
_CLOCK_SOURCES = f"""
SELECT c.relname, 'column', format('the default of %s.%s', d.adrelid::regclass, a.attname), a.attname
  FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
    JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {OWN_SCHEMAS} AND pg_get_expr(d.adbin, d.adrelid) ~* {_TIME}
UNION ALL
SELECT p.proname, 'function', format('the function %s', p.oid::regproc), ''
  FROM (SELECT p.* FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
          JOIN pg_language l ON l.oid = p.prolang
        WHERE {OWN_SCHEMAS} AND p.prokind IN ('f', 'p') AND p.prorettype <> 'trigger'::regtype
          AND l.lanname NOT IN ('internal', 'c') OFFSET 0) p
  WHERE pg_get_functiondef(p.oid) ~* {_TIME}
UNION ALL
SELECT c.relname, 'trigger', format('the trigger %s of %s', t.tgname, t.tgrelid::regclass),
    concat_ws(' ', CASE WHEN t.tgtype & 4 <> 0 THEN 'insert copy merge' END,
              CASE WHEN t.tgtype & 8 <> 0 THEN 'delete merge' END,
              CASE WHEN t.tgtype & 16 <> 0 THEN 'update merge' END)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_proc p ON p.oid = t.tgfoid
  WHERE {OWN_SCHEMAS} AND NOT t.tgisinternal AND p.prosrc ~* {_TIME}
UNION ALL
SELECT c.relname, 'view', format('the view %s', c.oid::regclass), ''
  FROM (SELECT c.* FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OWN_SCHEMAS} AND c.relkind = 'v' OFFSET 0) c
  WHERE pg_get_viewdef(c.oid) ~* {_TIME}
ORDER BY 3
"""
# whether this role sees every row: the right to read, and no policy that hides some
_READABLE = "has_table_privilege(c.oid, 'SELECT') AND NOT row_security_active(c.oid)"
_TABLES = f"""
SELECT format('%I.%I', n.nspname, c.relname), {_READABLE}
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {OWN_SCHEMAS} AND c.relkind IN ('r', 'm') AND c.relpersistence <> 't'
  AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1
"""
_HIDDEN_SCHEMAS = f"""
SELECT quote_ident(n.nspname) FROM pg_namespace n
WHERE {OWN_SCHEMAS} AND NOT has_schema_privilege(n.oid, 'USAGE') ORDER BY 1
"""
_SEQUENCES = f"""
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {OWN_SCHEMAS} AND c.relkind = 'S' AND has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'UPDATE') ORDER BY 1
"""
# an identity column advances its sequence without any right of the role
_FIXED_SEQUENCES = f"""
SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE {OWN_SCHEMAS} AND c.relkind = 'S' AND NOT (has_schema_privilege(n.oid, 'USAGE')
  AND has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'UPDATE')) ORDER BY 1
"""
_OTHER_CLIENTS = f"""
SELECT FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'
  AND pid <> pg_backend_pid() AND application_name <> '{APPLICATION}'
"""
_OWN_OBJECTS = f"""
SELECT format('DROP %s IF EXISTS %I.%I CASCADE', CASE c.relkind WHEN 'v' THEN 'VIEW'
              WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' WHEN 'f' THEN 'FOREIGN TABLE'
              ELSE 'TABLE' END, n.nspname, c.relname)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE {OWN_SCHEMAS} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
UNION ALL
SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', p.oid::regprocedure)
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE {OWN_SCHEMAS}
UNION ALL
SELECT format('DROP TYPE IF EXISTS %I.%I CASCADE', n.nspname, t.typname)
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE {OWN_SCHEMAS} AND t.typtype IN ('e', 'd', 'r')
UNION ALL
SELECT format('DROP SCHEMA IF EXISTS %I CASCADE', n.nspname) FROM pg_namespace n
  WHERE {OWN_SCHEMAS} AND n.nspname <> 'public'
"""
# sequences that number a column, with the table and column that they number
_OWNED = """
SELECT format('%I.%I', n.nspname, c.relname), format('%I.%I', tn.nspname, t.relname), quote_ident(a.attname)
FROM pg_depend d
JOIN pg_class c ON c.oid = d.objid AND c.relkind = 'S' JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_class t ON t.oid = d.refobjid JOIN pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
JOIN pg_sequence s ON s.seqrelid = c.oid AND s.seqincrement > 0
WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
  AND has_column_privilege(t.oid, a.attnum, 'SELECT') AND has_table_privilege(c.oid, 'UPDATE')
  AND has_schema_privilege(tn.oid, 'USAGE')
ORDER BY 1
"""
_DEFERRABLE = """
SELECT quote_ident(n.nspname) || '.' || quote_ident(k.conname), k.condeferred
FROM pg_constraint k JOIN pg_namespace n ON n.oid = k.connamespace
WHERE k.condeferrable AND has_schema_privilege(n.oid, 'USAGE') ORDER BY 1
"""

# only code that can be read: an extension's functions in C are left out
_FUNCTIONS = f"""
SELECT p.proname, p.provolatile = 'v', pg_get_functiondef(p.oid)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
WHERE {OWN_SCHEMAS} AND p.prokind IN ('f', 'p') AND p.prorettype <> 'trigger'::regtype
  AND l.lanname NOT IN ('internal', 'c')
"""
_SET_CONFIG = re.compile(r"set_config\s*\(\s*'([^']+)'\s*,(.*?),\s*(true|false)\s*\)", re.IGNORECASE | re.DOTALL)
# the settings of each function, and whether each ends with the transaction; None when the caller decides
SettingFunctions = dict[str, tuple[tuple[str, bool], ...] | None]


@dataclass(frozen=True, slots=True)
class Sequence:
    """The position of a sequence."""

    name: str
    last_value: int
    is_called: bool


def clock_sources(raw: Any) -> list[tuple[str, str, str, str]]:
    """Name what of the schema shows the time of the transaction: defaults, functions, triggers and views."""
    return [tuple(row) for row in raw.execute(_CLOCK_SOURCES).fetchall()]


def digest(raw: Any) -> str:
    """Digest the structure, and every row of every table."""
    structure = raw.execute(_STRUCTURE).fetchone()[0]
    rows = []
    for table, is_readable in raw.execute(_TABLES).fetchall():
        if is_readable:
            summed = (
                f"SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM ONLY {table} AS t"
            )
            rows.append((table, *raw.execute(summed).fetchone()))
    return f"{structure} {rows}"


def not_covered(raw: Any) -> list[str]:
    """Name the tables and schemas whose rows this role can't read in full."""
    hidden = [f"schema {name}" for (name,) in raw.execute(_HIDDEN_SCHEMAS).fetchall()]
    return hidden + [table for table, is_readable in raw.execute(_TABLES).fetchall() if not is_readable]


def is_empty(raw: Any) -> bool:
    """Return whether the database holds nothing that a user made."""
    return not raw.execute(_OWN_OBJECTS).fetchall()


def empty(raw: Any) -> None:
    """Drop everything from a database that was empty."""
    for (drop,) in raw.execute(_OWN_OBJECTS).fetchall():
        raw.execute(drop)


def sequences(raw: Any) -> list[Sequence]:
    """Read where every sequence stands."""
    names = [name for (name,) in raw.execute(_SEQUENCES).fetchall()]
    return [Sequence(name, *raw.execute(f"SELECT last_value, is_called FROM {name}").fetchone()) for name in names]


def fixed_sequences(raw: Any) -> list[str]:
    """Name the sequences that this role can advance, perhaps, and never put back."""
    return [name for (name,) in raw.execute(_FIXED_SEQUENCES).fetchall()]


def restoring(before: list[Sequence]) -> str:
    """Write the statement that puts sequences back: no rollback does it."""
    return "SELECT " + ", ".join(
        f"setval({_literal(one.name)}, {one.last_value}, {one.is_called})" for one in before
    )


def restoring_for_others(before: list[Sequence], owned: dict[str, tuple[str, str]]) -> str:
    """Write the statement that puts sequences of a shared database back.

    None of them is set below a value that is in its column, or moved at all while another client is connected.
    """
    calls = []
    for one in before:
        restored = f"setval({_literal(one.name)}, {one.last_value}, {one.is_called})"
        if one.name in owned:
            table, column = owned[one.name]
            restored = (
                f"(SELECT CASE WHEN greatest_value >= {one.last_value} "
                f"THEN setval({_literal(one.name)}, greatest_value::bigint) "
                f"ELSE {restored} END FROM (SELECT max({column}) AS greatest_value FROM {table}) AS t)"
            )
        calls.append(restored)
    return f"SELECT {', '.join(calls)} WHERE NOT EXISTS ({_OTHER_CLIENTS})"


def owned_sequences(raw: Any) -> dict[str, tuple[str, str]]:
    """Return the table and column that each sequence numbers upwards."""
    return {sequence: (table, column) for sequence, table, column in raw.execute(_OWNED).fetchall()}


def _literal(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def advance(raw: Any) -> None:
    """Advance each sequence that numbers a column to the column's greatest value, as SQLite's rowids do."""
    for sequence, table, column in raw.execute(_OWNED).fetchall():
        raw.execute(
            f"SELECT setval('{sequence}', greatest_value) FROM "
            f"(SELECT max({column}) AS greatest_value FROM {table}) AS t, {sequence} AS s "
            "WHERE greatest_value >= s.last_value"
        )


def analyze(raw: Any, *, rows: int) -> None:
    """Gather statistics of tables with many new rows: without them their plans are those of empty tables."""
    grown = "SELECT relid::regclass::text FROM pg_stat_xact_user_tables WHERE n_tup_ins > %s ORDER BY 1"
    for (table,) in raw.execute(grown, (rows,)).fetchall():
        raw.execute(f"ANALYZE {table}")


def deferrable(raw: Any) -> dict[str, bool]:
    """Return the constraints that can be deferred and are in reach, with whether they wait until commit."""
    return dict(raw.execute(_DEFERRABLE).fetchall())


def _set_in(code: str) -> tuple[tuple[str, bool], ...] | None:
    calls = _SET_CONFIG.findall(code)
    if len(calls) != code.lower().count("set_config") or len({is_local.lower() for _, _, is_local in calls}) > 1:
        return None
    return tuple((name, is_local.lower() == "true") for name, _, is_local in calls)


def functions(raw: Any) -> tuple[frozenset[str], SettingFunctions]:
    """Name the functions of the schema that may write, and those that set, with their settings."""
    writing: set[str] = set()
    setting: SettingFunctions = {}
    for name, is_volatile, code in raw.execute(_FUNCTIONS).fetchall():
        if is_volatile:
            writing.add(name)
        if "set_config" in code.lower() or "set local" in code.lower():
            setting[name] = _set_in(code)
    return frozenset(writing), setting
