"""The plan of a query as the database would run it: operators, tables and indexes, no costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from pytest_query_snapshot.renderers.identities import Identities

# Tests hold few rows, for which PostgreSQL reads whole tables and guesses anew after each ANALYZE. These settings
# leave the choice to the shape of the query and its indexes.
_PINNED = (
    "SET LOCAL enable_seqscan = off",
    "SET LOCAL max_parallel_workers_per_gather = 0",
    "SET LOCAL jit = off",
)


def read_plan(connection: sa.Connection, query: Any, identities: Identities) -> str:
    """Ask the database how it would run a query: a statement, or its text."""
    statement = sa.text(query) if isinstance(query, str) else query
    if connection.dialect.name == "sqlite":
        return _sqlite(connection, statement)
    with connection.begin_nested() as savepoint:
        for setting in _PINNED:
            connection.exec_driver_sql(setting)
        found = _explain(connection, statement, "EXPLAIN (COSTS OFF)")
        lines = [identities.in_text(line) for (line,) in found]
        savepoint.rollback()
    return "\n".join(lines) + "\n"


def _sqlite(connection: sa.Connection, statement: Any) -> str:
    found = _explain(connection, statement, "EXPLAIN QUERY PLAN")
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
