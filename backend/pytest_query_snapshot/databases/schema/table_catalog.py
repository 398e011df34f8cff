# ruff: noqa: S608  names come from the catalog and are quoted
"""The tables that a database holds, by its own catalog: also those that no metadata knows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

_POSTGRESQL = """
SELECT n.nspname, c.relname, c.relkind::text, c.relispopulated,
  pg_catalog.has_table_privilege(session_user, c.oid, 'SELECT'),
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, b.typname, b.typtype, e.typname)
          ORDER BY a.attnum)::text
     FROM pg_catalog.pg_attribute a
     JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
     JOIN pg_catalog.pg_type b ON b.oid = CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.oid END
     LEFT JOIN pg_catalog.pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
  (SELECT pg_catalog.json_agg(a.attname ORDER BY pg_catalog.array_position(k.conkey, a.attnum))::text
     FROM pg_catalog.pg_constraint k
     JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
    WHERE k.conrelid = c.oid AND k.contype = 'p'),
  CASE c.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^(pg_|query_snapshot)' AND n.nspname <> 'information_schema'
  AND c.relkind IN ('r', 'p', 'm', 'f', 'v') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column: its name, the name of its type, and that of its elements if it is an array."""

    name: str
    type: str
    element: str | None = None
    is_enum: bool = False


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table, view or materialized view. `unreadable` says why its rows can't be read, if they can't.

    `definition` is the text of a view.
    """

    schema: str | None
    name: str
    columns: tuple[CatalogColumn, ...]
    key: tuple[str, ...]
    kind: str = "table"
    unreadable: str | None = None
    definition: str = ""

    @property
    def fullname(self) -> str:
        """The name with its schema, unless that is the default one."""
        return self.name if self.schema is None else f"{self.schema}.{self.name}"


class TableCatalog:
    """Reads which tables there are, and remembers the answer for as long as the catalog does not change."""

    def __init__(self) -> None:
        self._seen: Any = None
        self._tables: tuple[CatalogTable, ...] = ()

    def read(self, connection: sa.Connection) -> tuple[CatalogTable, ...]:
        """Read the tables, independent of the connection's search path and role."""
        facts: Any
        dialect = connection.dialect.name
        if dialect == "postgresql":
            facts = _rows(connection, _POSTGRESQL)
        elif dialect == "sqlite":
            facts = _sqlite_facts(connection)
        else:
            return _inspected_tables(connection)
        if facts != self._seen:
            self._tables = (
                tuple(_postgresql_table(row, connection.dialect.default_schema_name or "public") for row in facts)
                if dialect == "postgresql"
                else _sqlite_tables(connection, facts)
            )
            self._seen = facts
        return self._tables


def _rows(connection: sa.Connection, text: str) -> list[Any]:
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(text)
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _postgresql_table(row: Any, default: str) -> CatalogTable:
    schema, name, kind, is_populated, may_read, columns, key, definition = row
    if kind == "v":
        schema = None if schema == default else schema
        return CatalogTable(schema, name, (), (), "view", definition=definition or "")
    unreadable = None
    if kind == "f":
        unreadable = "a foreign table"
    elif not may_read:
        unreadable = "permission denied"
    elif not is_populated:
        unreadable = "not populated"
    return CatalogTable(
        None if schema == default else schema,
        name,
        tuple(CatalogColumn(each[0], each[1], each[3], each[2] == "e") for each in json.loads(columns or "[]")),
        tuple(json.loads(key or "[]")),
        "materialized view" if kind == "m" else "table",
        unreadable,
    )


def _sqlite_facts(connection: sa.Connection) -> list[tuple[str, str, str]]:
    """Read the name and the definition of every table and view of every database that is attached."""
    schemas = [schema for _, schema, _ in _rows(connection, "PRAGMA database_list") if schema != "temp"]
    return [
        (schema, name, str(definition))
        for schema in schemas
        for name, definition in _rows(
            connection,
            f"SELECT name, sql FROM {quoted(schema)}.sqlite_master WHERE type IN ('table', 'view') ORDER BY name",
        )
        if not name.startswith("sqlite_")
    ]


def _sqlite_tables(connection: sa.Connection, facts: list[tuple[str, str, str]]) -> tuple[CatalogTable, ...]:
    virtual = {name for _, name, definition in facts if definition.upper().startswith("CREATE VIRTUAL")}
    return tuple(
        _sqlite_view(schema, name, definition)
        if definition.upper().startswith("CREATE VIEW")
        else _sqlite_table(connection, schema, name)
        for schema, name, definition in facts
        # the tables in which a virtual table keeps its rows are its own affair
        if not any(name.startswith(f"{owner}_") for owner in virtual)
    )


def _sqlite_view(schema: str, name: str, definition: str) -> CatalogTable:
    return CatalogTable(None if schema == "main" else schema, name, (), (), "view", definition=definition)


def _sqlite_table(connection: sa.Connection, schema: str, name: str) -> CatalogTable:
    facts = _rows(connection, f"PRAGMA {quoted(schema)}.table_xinfo({quoted(name)})")
    keyed = sorted((fact[5], fact[1]) for fact in facts if fact[5])
    return CatalogTable(
        None if schema == "main" else schema,
        name,
        tuple(CatalogColumn(fact[1], fact[2]) for fact in facts if fact[6] != 1),
        tuple(column for _, column in keyed),
    )


_REFLECTED = frozenset({"mysql", "mariadb", "mssql", "oracle"})
"""Dialects whose reflection is SQLAlchemy's own: in another a failing question may end the transaction."""


def _inspected_tables(connection: sa.Connection) -> tuple[CatalogTable, ...]:
    """Read the default schema of a database whose catalog SQLAlchemy knows."""
    inspector = sa.inspect(connection)
    found: list[CatalogTable] = []
    for name in inspector.get_table_names():
        if connection.dialect.name in _REFLECTED:
            columns = [CatalogColumn(each["name"], str(each["type"])) for each in inspector.get_columns(name)]
            key = tuple(inspector.get_pk_constraint(name)["constrained_columns"])
        else:
            columns, key = _columns_of_result(connection, name), ()
        found.append(CatalogTable(None, name, tuple(columns), key))
    return tuple(found)


def _columns_of_result(connection: sa.Connection, name: str) -> list[CatalogColumn]:
    """Learn the names of the columns from an empty result, which every database can return."""
    query = sa.select(sa.text("*")).select_from(sa.table(name)).where(sa.literal_column("1") == 0)
    return [CatalogColumn(column, "") for column in connection.execute(query).keys()]  # noqa: SIM118  no mapping


def quoted(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'
