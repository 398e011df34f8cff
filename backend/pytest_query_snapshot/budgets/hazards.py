"""Statements that are a hazard with any seed: found by reading them, not by timing them."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_query_snapshot.sql.facts.fact import Facet, Fact, Statement
from pytest_query_snapshot.sql.facts.statement_facts import read_statement


@dataclass(frozen=True, slots=True)
class Hazard:
    """The hazard of a statement, as a class for markers and a sentence for people."""

    kind: str
    why: str


def hazards(
    sql: str, *, growing: tuple[str, ...] = (), tenant_columns: tuple[str, ...] = ()
) -> tuple[Hazard, ...]:
    """List the hazards of a statement; ``growing`` names the tables that no query may read whole."""
    statement = read_statement(sql)
    found = []
    for scope in dict.fromkeys(fact.scope for fact in statement.facts):
        facts = [fact for fact in statement.facts if fact.scope == scope]
        found += [*_cartesian(facts), *_any_rows(facts)]
    found += _unbounded(statement, growing, tenant_columns)
    return tuple(dict.fromkeys(found))


def _of(facts: list[Fact], facet: Facet) -> list[Fact]:
    return [fact for fact in facts if fact.facet is facet]


def _cartesian(facts: list[Fact]) -> list[Hazard]:
    """Tables that no condition ties to the others: every row of one with every row of the other."""
    tables = [fact.text for fact in _of(facts, Facet.TABLE)]
    natural = any("natural" in fact.text for fact in _of(facts, Facet.JOIN_KIND))
    if len(tables) < 2 or natural:  # noqa: PLR2004  one table has nothing to be multiplied with
        return []
    group = {table: table for table in tables}
    for fact in _of(facts, Facet.JOIN_CONDITION):
        tied = {part.rpartition(".")[0] for part in fact.key} | {part for part in fact.key if part in group}
        # USING names columns of both sides without a table: it ties its table to the ones before
        tied |= set(tables[:1]) if fact.text.startswith("using") else set()
        roots = {group[table] for table in tied if table in group}
        for table, root in group.items():
            if root in roots:
                group[table] = min(roots)
    if _has_table_function(facts):
        return []
    loose = len(set(group.values()))
    if loose == 1:
        return []
    return [Hazard("cartesian-product", f"no condition joins {', '.join(sorted(set(group.values())))}")]


def _has_table_function(facts: list[Fact]) -> bool:
    """Return whether a table is a function, such as json_each(agents.tags): its arguments tie it to the others."""
    return any(fact.key for fact in _of(facts, Facet.VALUES))


def _any_rows(facts: list[Fact]) -> list[Hazard]:
    limits = _of(facts, Facet.LIMIT) + _of(facts, Facet.OFFSET)
    if limits and not _of(facts, Facet.ORDER_BY) and not _one_row(facts):
        return [Hazard("limit-without-order", "LIMIT without ORDER BY returns any rows")]
    return []


def _one_row(facts: list[Fact]) -> bool:
    """Aggregates without GROUP BY return one row: there is nothing to order."""
    return bool(_of(facts, Facet.AGGREGATE)) and not _of(facts, Facet.GROUP_BY) and not _of(facts, Facet.COLUMN)


def _unbounded(statement: Statement, growing: tuple[str, ...], tenant_columns: tuple[str, ...]) -> list[Hazard]:
    """A SELECT that returns the rows of a growing table without a bound: fast today, an outage in a year."""
    facts = [fact for fact in statement.facts if fact.scope == ""]
    if statement.verb != "select" or _of(facts, Facet.LIMIT) or _of(facts, Facet.GROUP_BY):
        return []
    if _of(facts, Facet.AGGREGATE) and not _of(facts, Facet.COLUMN):
        return []
    found = []
    for table in (fact.text for fact in _of(facts, Facet.TABLE)):
        narrowed = any(_narrows(fact, table, tenant_columns) for fact in _of(facts, Facet.PREDICATE))
        joined = any(_narrows(fact, table, tenant_columns) for fact in _of(facts, Facet.JOIN_CONDITION))
        if table in growing and not narrowed and not joined:
            found.append(
                Hazard("unbounded-select", f"reads {table}, which grows, without a filter of its own or LIMIT")
            )
    return found


def _narrows(fact: Fact, table: str, tenant_columns: tuple[str, ...]) -> bool:
    """Return whether a condition is about a column of the table other than the tenant's."""
    return any(
        part.rpartition(".")[0] in {table, ""} and part and part.rpartition(".")[2] not in tenant_columns
        for part in fact.key
    )
