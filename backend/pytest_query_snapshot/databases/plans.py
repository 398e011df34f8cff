"""The plan of a query as the database would run it: operators, tables and indexes, no costs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

# What PostgreSQL decides by besides statistics; each is its default, so a server's own settings change no golden.
_PINNED = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "seq_page_cost": "1",
    "random_page_cost": "4",
    "cpu_tuple_cost": "0.01",
    "cpu_index_tuple_cost": "0.005",
    "cpu_operator_cost": "0.0025",
    "effective_cache_size": "4GB",
    "work_mem": "4MB",
    "hash_mem_multiplier": "2",
    "geqo": "off",
}
# Tests hold few rows, for which PostgreSQL reads whole tables with any query; then the indexes decide.
_FEW_ROWS = {"enable_seqscan": "off"}
# lines that only some versions write
_VERSIONED = re.compile(r"^\s*(Disabled|Window|Storage|Index Searches): ?")


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan of a query; ``planner`` is the database and the version that made it."""

    text: str
    planner: str = ""


def plan_of(connection: sa.Connection, query: Any) -> Plan:
    """Explain how a database would run a query, a statement or its text, by the statistics that it has.

    For databases whose statistics a test has pinned: PostgreSQL by ANALYZE after loading the same rows, SQLite by
    the rows of `sqlite_stat1`. Compare with `golden.plan`.
    """
    return Plan(_read(connection, query, _PINNED), _planner(connection))


def read_plan(connection: sa.Connection, query: Any) -> Plan:
    """Explain a query on the isolated database, which holds few rows."""
    return Plan(_read(connection, query, _PINNED | _FEW_ROWS), _planner(connection))


def _planner(connection: sa.Connection) -> str:
    """Name the planner as far as its decisions depend on it: SQLite decides otherwise with each minor version."""
    name = connection.dialect.name
    if name == "sqlite":
        version = str(connection.exec_driver_sql("SELECT sqlite_version()").scalar_one()).split(".")
        return f"sqlite {'.'.join(version[:2])}"
    return f"{name} {(connection.dialect.server_version_info or ('',))[0]}"


def _read(connection: sa.Connection, query: Any, settings: dict[str, str]) -> str:
    statement = sa.text(query) if isinstance(query, str) else query
    if connection.dialect.name == "sqlite":
        return _sqlite(connection, statement)
    with _undone(connection):
        for name, value in settings.items():
            connection.exec_driver_sql(f"SET LOCAL {name} = '{value}'")
        lines = [line for (line,) in _explain(connection, statement, "EXPLAIN (COSTS OFF)")]
    return "\n".join(line for line in lines if not _VERSIONED.match(line)) + "\n"


@contextmanager
def _undone(connection: sa.Connection) -> Iterator[None]:
    """Let settings end with the block, also on a connection that commits each statement."""
    if getattr(connection.connection.dbapi_connection, "autocommit", False):
        connection.exec_driver_sql("BEGIN")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
        return
    with connection.begin_nested() as savepoint:
        yield
        savepoint.rollback()


def _sqlite(connection: sa.Connection, statement: Any) -> str:
    # a text of its own, which sqlite3 has not kept: EXPLAIN does not notice that an index is gone since
    found = _explain(connection, statement, f"EXPLAIN QUERY PLAN /* {uuid.uuid4()} */")
    depths = {0: -1}
    lines: list[str] = []
    for node, parent, _, detail in found:
        depths[node] = depths.get(parent, -1) + 1
        lines.append("  " * depths[node] + str(detail))
    return "\n".join(lines) + "\n"


def _explain(connection: sa.Connection, statement: Any, prefix: str) -> list[Any]:
    """Run EXPLAIN on a statement, with its parameters as an execution would send them."""
    compiled = statement.compile(dialect=connection.dialect, compile_kwargs={"render_postcompile": True})
    values: dict[str, Any] = compiled.construct_params()
    for name, process in compiled._bind_processors.items():  # noqa: SLF001  what an execution applies to them
        if name in values:
            values[name] = process(values[name])
    parameters = tuple(values[name] for name in compiled.positiontup) if compiled.positional else values
    return list(connection.exec_driver_sql(f"{prefix} {compiled}", parameters or None))
