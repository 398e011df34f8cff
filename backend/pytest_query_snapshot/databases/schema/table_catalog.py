# ruff: noqa: S608  names come from the catalog and are quoted
"""The tables that a database holds, by its own catalog: also those that no metadata knows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pytest_query_snapshot.databases.schema.table_rules import (
    CONSTRAINT,
    postgresql_constraint,
    postgresql_default,
    sqlite_clauses,
    sqlite_constraints,
)

_POSTGRESQL = """
SELECT n.nspname, c.relname, c.relkind::text, c.relispopulated,
  pg_catalog.has_table_privilege(session_user, c.oid, 'SELECT'),
  (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, b.typname, b.typtype, e.typname,
            pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated)
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
  CASE c.relkind WHEN 'v' THEN pg_catalog.pg_get_viewdef(c.oid) END, c.oid::bigint,
  (SELECT pg_catalog.string_agg(i.indexrelid::text, ' ' ORDER BY i.indexrelid)
     FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid),
  (SELECT pg_catalog.string_agg(pg_catalog.format('%s %s', t.oid, t.xmin), ' ' ORDER BY t.oid)
     FROM pg_catalog.pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal),
  (SELECT pg_catalog.string_agg(pg_catalog.concat(k.oid, k.condeferrable, k.condeferred, k.convalidated), ' '
          ORDER BY k.oid)
     FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid),
  (SELECT pg_catalog.string_agg(d.oid::text, ' ' ORDER BY d.oid)
     FROM pg_catalog.pg_attrdef d WHERE d.adrelid = c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE (n.nspname !~ '^(pg_|query_snapshot)' OR n.oid = pg_catalog.pg_my_temp_schema())
  AND n.nspname <> 'information_schema'
  AND c.relkind IN ('r', 'p', 'm', 'f', 'v') AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1, 2
"""
_POSTGRESQL_PARTS = """
SELECT i.indrelid::bigint, 'index', x.relname, pg_catalog.pg_get_indexdef(i.indexrelid)
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid
WHERE i.indrelid = ANY (ARRAY[{tables}]::oid[])
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint k
                  WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u'))
UNION ALL
SELECT t.tgrelid::bigint, 'trigger', t.tgname, pg_catalog.pg_get_triggerdef(t.oid)
FROM pg_catalog.pg_trigger t
WHERE t.tgrelid = ANY (ARRAY[{tables}]::oid[]) AND NOT t.tgisinternal AND t.tgname !~ '^query_snapshot'
UNION ALL
SELECT k.conrelid::bigint, 'constraint', '', pg_catalog.pg_get_constraintdef(k.oid)
FROM pg_catalog.pg_constraint k
WHERE k.conrelid = ANY (ARRAY[{tables}]::oid[]) AND k.contype IN ('p', 'u', 'f', 'c', 'x')
UNION ALL
SELECT d.adrelid::bigint, 'default', a.attname, pg_catalog.pg_get_expr(d.adbin, d.adrelid)
FROM pg_catalog.pg_attrdef d JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
WHERE d.adrelid = ANY (ARRAY[{tables}]::oid[])
ORDER BY 1, 2, 3, 4
"""
_TRIGGER = "trigger "
_TEMPORARY = "temp"
"""The schema of the temporary tables of a connection, as SQLite calls it."""


@dataclass(frozen=True, slots=True)
class CatalogColumn:
    """A column: its name, the name of its type, and that of its elements if it is an array.

    `declared` is the type as the database writes it, whether NULL is allowed, and its default.
    """

    name: str
    type: str
    element: str | None = None
    is_enum: bool = False
    declared: str = ""


@dataclass(frozen=True, slots=True)
class CatalogTable:
    """A table, view or materialized view. `unreadable` says why its rows can't be read, if they can't.

    `definitions` are the texts of its constraints, indexes and triggers, and of a view, by what they define.
    """

    schema: str | None
    name: str
    columns: tuple[CatalogColumn, ...]
    key: tuple[str, ...]
    kind: str = "table"
    unreadable: str | None = None
    definitions: tuple[tuple[str, str], ...] = ()

    @property
    def fullname(self) -> str:
        """The name with its schema, unless that is the default one."""
        return self.name if self.schema is None else f"{self.schema}.{self.name}"

    @property
    def parts(self) -> dict[str, str]:
        """Return the columns, the constraints and the indexes; of a view its text."""
        columns = {f"column {column.name}": column.declared for column in self.columns if column.declared}
        return columns | {name: text for name, text in self.definitions if not name.startswith(_TRIGGER)}

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the texts of the triggers."""
        return tuple(text for name, text in self.definitions if name.startswith(_TRIGGER))


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
            read = _postgresql_tables if dialect == "postgresql" else _sqlite_tables
            self._tables = read(connection, facts)
            self._seen = facts
        return self._tables


def _rows(connection: sa.Connection, text: str) -> list[Any]:
    cursor: Any = connection.connection.cursor()
    try:
        cursor.execute(text)
        return list(cursor.fetchall())
    finally:
        cursor.close()


def _postgresql_tables(connection: sa.Connection, facts: list[Any]) -> tuple[CatalogTable, ...]:
    default = connection.dialect.default_schema_name or "public"
    definitions: dict[int, list[tuple[str, str]]] = {}
    tables = ", ".join(str(row[_OID]) for row in facts)
    defaults: dict[int, dict[str, str]] = {}
    for table, kind, name, text in _rows(connection, _POSTGRESQL_PARTS.format(tables=tables)) if tables else ():
        if kind == "default":
            defaults.setdefault(table, {})[name] = postgresql_default(text)
        elif kind == "constraint":
            definitions.setdefault(table, []).append((CONSTRAINT + postgresql_constraint(text), ""))
        else:
            short = _INDEX.sub(r"\1", text) if kind == "index" else text
            definitions.setdefault(table, []).append((f"{kind} {name}", short))
    return tuple(
        _postgresql_table(row[:_OID], default, tuple(definitions.get(row[_OID], ())), defaults.get(row[_OID], {}))
        for row in facts
    )


_OID = 8
# an index says where it is by the heading of its table; the usual method goes without saying
_INDEX = re.compile(r"\ACREATE (UNIQUE )?INDEX \S+ ON \S+ (?:USING btree )?(?=\()")


def _postgresql_table(
    row: Any, default: str, definitions: tuple[tuple[str, str], ...], defaults: Mapping[str, str]
) -> CatalogTable:
    schema, name, kind, is_populated, may_read, columns, key, view = row
    schema = None if schema == default else _TEMPORARY if schema.startswith("pg_temp_") else schema
    if kind == "v":
        return CatalogTable(schema, name, (), (), "view", definitions=(("view", view or ""), *definitions))
    names = tuple(json.loads(key or "[]"))
    unreadable = None
    if kind == "f":
        unreadable = "a foreign table"
    elif not may_read:
        unreadable = "permission denied"
    elif not is_populated:
        unreadable = "not populated"
    return CatalogTable(
        schema,
        name,
        tuple(
            CatalogColumn(
                each[0],
                each[1],
                each[3],
                each[2] == "e",
                _declared(each[4], is_required=each[5], value=_value_of(each, names, defaults)),
            )
            for each in json.loads(columns or "[]")
        ),
        names,
        "materialized view" if kind == "m" else "table",
        unreadable,
        definitions,
    )


def _value_of(column: Sequence[Any], key: tuple[str, ...], defaults: Mapping[str, str]) -> str:
    """Write where the values of a column come from; of a key that is counted nothing, as on SQLite."""
    name, *_, identity, generated = column
    text = defaults.get(name, "")
    if identity or text.startswith("nextval("):
        return "" if key == (name,) and identity != "a" else "identity always" if identity == "a" else "counted"
    return f"generated {text}" if generated else f"default {text}" if text else ""


def _declared(kind: str, *, is_required: bool, value: str = "") -> str:
    """Write a type alike on both databases where both have it."""
    written = " ".join(_TYPE_NAMES.get(word, word) for word in kind.lower().replace(", ", ",").split())
    for long, short in _LONG_NAMES:
        written = written.replace(long, short)
    return " ".join(part for part in (written, "not null" if is_required else "", value) if part)


_TYPE_NAMES = {"datetime": "timestamp", "int": "integer", "blob": "bytea", "float": "double"}
_LONG_NAMES = (
    ("character varying", "varchar"),
    (" without time zone", ""),
    ("double precision", "double"),
)


_SqliteFact = tuple[str, str, str, str, str]
"""The schema of an object, its type, its name, that of its table, and the text that made it."""


def _sqlite_facts(connection: sa.Connection) -> list[_SqliteFact]:
    """Read the objects of every database that is attached, without those that SQLite makes itself."""
    schemas = [schema for _, schema, _ in _rows(connection, "PRAGMA database_list")]
    return [
        (schema, *fact)
        for schema in schemas
        for fact in _rows(
            connection,
            f"SELECT type, name, tbl_name, sql FROM {quoted(schema)}.sqlite_master"
            " WHERE sql IS NOT NULL ORDER BY name, type",
        )
        if not fact[1].startswith("sqlite_")
    ]


def _sqlite_tables(connection: sa.Connection, facts: list[_SqliteFact]) -> tuple[CatalogTable, ...]:
    virtual = {name for _, _, name, _, text in facts if text.upper().startswith("CREATE VIRTUAL")}
    definitions: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for schema, kind, name, table, text in facts:
        if kind in {"index", "trigger"}:
            definitions.setdefault((schema, table.lower()), []).append((f"{kind} {name}", _short(kind, text)))
    return tuple(
        CatalogTable(
            None if schema == "main" else schema,
            name,
            *(((), ()) if kind == "view" else _sqlite_columns(connection, schema, name, text)),
            kind,
            definitions=(
                *((("view", text),) if kind == "view" else _sqlite_constraints(connection, schema, name, text)),
                *definitions.get((schema, name.lower()), ()),
            ),
        )
        for schema, kind, name, _, text in facts
        # the tables in which a virtual table keeps its rows are its own affair
        if kind in {"table", "view"} and not any(name.startswith(f"{owner}_") for owner in virtual)
    )


def _short(kind: str, text: str) -> str:
    """Leave out of an index what the heading of its table says."""
    return _SQLITE_INDEX.sub(lambda match: "UNIQUE " if match[1] else "", text) if kind == "index" else text


_SQLITE_INDEX = re.compile(r"\ACREATE\s+(UNIQUE\s+)?INDEX\s+[\w.\"]+\s+ON\s+[\w.\"]+\s*(?=\()", re.IGNORECASE)


def _sqlite_constraints(connection: sa.Connection, schema: str, name: str, text: str) -> Iterator[tuple[str, str]]:
    def query(pragma: str) -> list[Any]:
        return _rows(connection, f"PRAGMA {quoted(schema)}.{pragma.format(quoted(name))}")

    keyed = sorted((fact[5], fact[1]) for fact in query("table_xinfo({})") if fact[5])
    for constraint in sorted(sqlite_constraints(query, text, key=[column for _, column in keyed])):
        yield CONSTRAINT + constraint, ""


def _sqlite_columns(
    connection: sa.Connection, schema: str, name: str, text: str
) -> tuple[tuple[CatalogColumn, ...], tuple[str, ...]]:
    facts = _rows(connection, f"PRAGMA {quoted(schema)}.table_xinfo({quoted(name)})")
    keyed = sorted((fact[5], fact[1]) for fact in facts if fact[5])
    generated = iter(sqlite_clauses(text, "AS"))
    columns = tuple(
        # a column of a key is not null, which SQLite leaves out
        CatalogColumn(
            fact[1],
            fact[2],
            declared=_declared(
                fact[2],
                is_required=bool(fact[3] or fact[5]),
                value=f"generated {next(generated, '')[3:]}"
                if fact[6]
                else f"default {fact[4]}"
                if fact[4] is not None
                else "",
            ),
        )
        for fact in facts
        if fact[6] != 1
    )
    return columns, tuple(column for _, column in keyed)


REFLECTED = frozenset({"mysql", "mariadb", "mssql", "oracle"})
"""Dialects whose reflection is SQLAlchemy's own: in another a failing question may end the transaction."""


def _inspected_tables(connection: sa.Connection) -> tuple[CatalogTable, ...]:
    """Read the default schema of a database whose catalog SQLAlchemy knows."""
    inspector = sa.inspect(connection)
    found: list[CatalogTable] = []
    for name in inspector.get_table_names():
        if connection.dialect.name in REFLECTED:
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
