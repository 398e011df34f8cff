"""Insert the rows of a seed again, in another order, within the test's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias

import sqlalchemy as sa
from sqlalchemy.schema import sort_tables_and_constraints

if TYPE_CHECKING:
    from pytest_query_snapshot.databases.isolation import IsolatedDatabase

Ranked: TypeAlias = Sequence[tuple[sa.Table | None, Sequence[sa.ForeignKeyConstraint]]]
"""Tables in the order of their references; last, without a table, the references that make a circle."""

_COPY = "query_snapshot_reordered"


def reorder(database: IsolatedDatabase, order: str) -> None:
    """Insert every row of every table again; equal orders give equal databases.

    Tables with triggers stay as they are: inserting again would fire them.
    """
    with database.unrecorded() as connection, connection.begin():
        triggered = _with_triggers(connection)
        ranked: Ranked = sort_tables_and_constraints(database.metadata.tables.values())  # type: ignore[no-untyped-call]
        tables = [table for table, _ in ranked if table is not None and table.fullname not in triggered]
        if not _references(connection, checked=False):
            tables = _without_referred(tables, ranked, triggered)
        kept = [table for table in tables if _copied(connection, table)]
        for table in reversed(kept):
            connection.execute(sa.delete(table))
        for table in kept:
            _insert(connection, table, order)
        _references(connection, checked=True)


def _without_referred(tables: list[sa.Table], ranked: Ranked, triggered: set[str]) -> list[sa.Table]:
    """Leave out what can't be deleted while references are checked: cycles, and what rows that stay refer to.

    Deleting children before parents, and inserting the other way round, is fine for all others.
    """
    in_cycle = [key for table, keys in ranked if table is None for key in keys]
    cyclic = {table for key in in_cycle for table in (key.table, key.referred_table)}
    staying = {table for table, _ in ranked if table is not None and table.fullname in triggered} | cyclic
    while True:
        referred = {key.column.table for table in staying for key in table.foreign_keys}
        if referred <= staying:
            return [table for table in tables if table not in staying]
        staying |= referred


def _with_triggers(connection: sa.Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        return set(connection.scalars(sa.text("SELECT tbl_name FROM sqlite_master WHERE type = 'trigger'")))
    query = "SELECT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal"
    return set(connection.scalars(sa.text(query)))


def _references(connection: sa.Connection, *, checked: bool) -> bool:
    """Let rows that refer to each other come in any order; False where the user has no right to.

    PostgreSQL lets only some users do so. References within a table never mind: one statement inserts them all.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA defer_foreign_keys = {'OFF' if checked else 'ON'}")
        return True
    try:
        with connection.begin_nested():
            role = "origin" if checked else "replica"
            connection.exec_driver_sql(f"SET LOCAL session_replication_role = {role}")
    except sa.exc.DBAPIError:
        return False
    return True


def _names(connection: sa.Connection, table: sa.Table) -> tuple[str, str, str]:
    """Quote the table, its copy, and the columns that can be inserted."""
    prepare = connection.dialect.identifier_preparer
    columns = ", ".join(prepare.quote(column.name) for column in table.columns if column.computed is None)
    return prepare.format_table(table), prepare.quote(f"{_COPY}_{table.name}"), columns


def _copied(connection: sa.Connection, table: sa.Table) -> bool:
    """Keep the rows of a table aside; False when there are too few to be in another order."""
    name, copy, columns = _names(connection, table)
    if connection.scalar(sa.select(sa.func.count()).select_from(table)) == 0:
        return False
    connection.exec_driver_sql(f"CREATE TEMPORARY TABLE {copy} AS SELECT {columns} FROM {name}")  # noqa: S608  quoted
    return True


def _insert(connection: sa.Connection, table: sa.Table, order: str) -> None:
    name, copy, columns = _names(connection, table)
    place = "rowid" if connection.dialect.name == "sqlite" else "ctid"
    identity = any(column.identity is not None and column.identity.always for column in table.columns)
    overriding = " OVERRIDING SYSTEM VALUE" if identity and place == "ctid" else ""
    # a fixed shuffle: every third row first, then those after it, then the others
    key = f"{place} DESC" if order == "reversed" else f"place - place / 3 * 3, {place} DESC"
    numbered = f"SELECT {columns}, {place}, row_number() OVER (ORDER BY {place}) AS place FROM {copy}"  # noqa: S608
    chosen = f"SELECT {columns} FROM ({numbered}) AS numbered ORDER BY {key}"  # noqa: S608
    connection.exec_driver_sql(f"INSERT INTO {name} ({columns}){overriding} {chosen}")
    connection.exec_driver_sql(f"DROP TABLE {copy}")
