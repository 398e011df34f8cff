# ruff: noqa: S608  names come from the catalog, quoted by the server itself
"""The SQL of the keeper's own schema: flags and journals that triggers write, and copies of the rows.

A flag is a sequence that a statement trigger advances: it takes no lock and survives a rollback. A row in a table
of flags would make the transactions of the application wait for each other.
"""

from __future__ import annotations

from pytest_query_snapshot.databases.connections.postgresql.tables import KeptTable
from pytest_query_snapshot.databases.schema.catalog import KEEPER_SCHEMA

SILENCE = "query_snapshot.keeper"
"""The setting that keeps the triggers quiet on the keeper's own connection."""

_WHEN = f"WHEN (pg_catalog.current_setting('{SILENCE}', true) IS NULL)"
_HEAD = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS"
_UNLOGGED_SEQUENCES = 150000  # the first version of the server that has them

_FUNCTIONS = f"""
CREATE SCHEMA {KEEPER_SCHEMA};
CREATE {{unlogged}} SEQUENCE {KEEPER_SCHEMA}.ddl;
CREATE FUNCTION {KEEPER_SCHEMA}.mark() {_HEAD} $$
  BEGIN PERFORM pg_catalog.nextval(tg_argv[0]::pg_catalog.oid::pg_catalog.regclass); RETURN NULL; END $$;
CREATE FUNCTION {KEEPER_SCHEMA}.ddl() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
  DECLARE found boolean;
  BEGIN
    IF tg_event = 'sql_drop' THEN
      found := EXISTS (SELECT FROM pg_catalog.pg_event_trigger_dropped_objects() WHERE NOT is_temporary);
    ELSE
      found := EXISTS (SELECT FROM pg_catalog.pg_event_trigger_ddl_commands()
                       WHERE schema_name IS NULL OR schema_name !~ '^pg_temp');
    END IF;
    IF found THEN PERFORM pg_catalog.nextval('{KEEPER_SCHEMA}.ddl'); END IF;
  END $$
"""
EVENT_TRIGGERS = f"""
CREATE EVENT TRIGGER {KEEPER_SCHEMA}_end ON ddl_command_end EXECUTE FUNCTION {KEEPER_SCHEMA}.ddl();
CREATE EVENT TRIGGER {KEEPER_SCHEMA}_drop ON sql_drop EXECUTE FUNCTION {KEEPER_SCHEMA}.ddl();
ALTER EVENT TRIGGER {KEEPER_SCHEMA}_end ENABLE ALWAYS;
ALTER EVENT TRIGGER {KEEPER_SCHEMA}_drop ENABLE ALWAYS
"""
REMOVE = f"""
DROP EVENT TRIGGER IF EXISTS {KEEPER_SCHEMA}_end;
DROP EVENT TRIGGER IF EXISTS {KEEPER_SCHEMA}_drop;
DROP SCHEMA IF EXISTS {KEEPER_SCHEMA} CASCADE
"""

# which rows a statement of each kind touched
_TOUCHED = {
    "INSERT": ("NEW TABLE AS new_rows", "SELECT {key} FROM new_rows"),
    "DELETE": ("OLD TABLE AS old_rows", "SELECT {key} FROM old_rows"),
    "UPDATE": (
        "OLD TABLE AS old_rows NEW TABLE AS new_rows",
        "SELECT {key} FROM old_rows UNION SELECT {key} FROM new_rows",
    ),
}


def create_functions(server_version: int) -> str:
    """Create the schema and the functions that all tables share."""
    return _FUNCTIONS.format(unlogged="UNLOGGED" if server_version >= _UNLOGGED_SEQUENCES else "")


def create_copy(table: KeptTable) -> str:
    """Create the copy of a table's rows."""
    return f"CREATE UNLOGGED TABLE {KEEPER_SCHEMA}.copy_{table.oid} AS SELECT * FROM ONLY {table.name}"


def create_flag(table: KeptTable, *, server_version: int) -> str:
    """Create the flag of a table, and the trigger that advances it."""
    flag = f"{KEEPER_SCHEMA}.flag_{table.oid}"
    unlogged = "UNLOGGED" if server_version >= _UNLOGGED_SEQUENCES else ""
    return f"""
CREATE {unlogged} SEQUENCE {flag};
DO $do$ BEGIN EXECUTE pg_catalog.format($create$
  CREATE TRIGGER {KEEPER_SCHEMA}_mark AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table.name}
  FOR EACH STATEMENT {_WHEN} EXECUTE FUNCTION {KEEPER_SCHEMA}.mark(%L)
$create$, '{flag}'::pg_catalog.regclass::pg_catalog.oid::text); END $do$;
ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER {KEEPER_SCHEMA}_mark
"""


def create_journal(table: KeptTable) -> str:
    """Create the journal of a large table: the keys of the rows that were written, or that all were truncated."""
    journal, key = f"{KEEPER_SCHEMA}.journal_{table.oid}", ", ".join(table.key)
    parts = [
        f"ALTER TABLE {KEEPER_SCHEMA}.copy_{table.oid} ADD PRIMARY KEY ({key})",
        f"ANALYZE {KEEPER_SCHEMA}.copy_{table.oid}",
        f"CREATE UNLOGGED TABLE {journal} AS SELECT {key} FROM {table.name} WITH NO DATA",
        f"CREATE UNLOGGED TABLE {KEEPER_SCHEMA}.truncated_{table.oid} ()",
        *(_journal_trigger(table, event, *facts) for event, facts in _TOUCHED.items()),
        _trigger(table, "TRUNCATE", "", f"INSERT INTO {KEEPER_SCHEMA}.truncated_{table.oid} DEFAULT VALUES"),
    ]
    return ";\n".join(parts)


def _journal_trigger(table: KeptTable, event: str, references: str, touched: str) -> str:
    source = touched.format(key=", ".join(table.key))
    write = f"INSERT INTO {KEEPER_SCHEMA}.journal_{table.oid} {source}"
    return _trigger(table, event, f"REFERENCING {references}", write)


def _trigger(table: KeptTable, event: str, references: str, write: str) -> str:
    name = f"{KEEPER_SCHEMA}_{event.lower()}"
    function = f"{KEEPER_SCHEMA}.{event.lower()}_{table.oid}()"
    return f"""
CREATE FUNCTION {function} {_HEAD} $$ BEGIN {write}; RETURN NULL; END $$;
CREATE TRIGGER {name} AFTER {event} ON {table.name} {references} FOR EACH STATEMENT {_WHEN}
  EXECUTE FUNCTION {function};
ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER {name}
"""
