"""The subject of a fact, and the meaning of a change of it for the statement."""

from __future__ import annotations

from typing import TypeAlias

from pytest_query_snapshot.sql.diff.change import Kind
from pytest_query_snapshot.sql.facts.fact import MATERIALIZED, VALUES_QUERY, Facet, Fact
from pytest_query_snapshot.sql.facts.from_clause import JOIN_CROSS, JOIN_INNER

OUTPUTS = frozenset({Facet.COLUMN, Facet.AGGREGATE})


CONDITIONS = frozenset({Facet.PREDICATE, Facet.JOIN_CONDITION})


def is_plain_join(fact: Fact) -> bool:
    """Return whether a fact is an inner or a cross join of one table."""
    return fact.facet is Facet.JOIN_KIND and fact.text in {JOIN_INNER, JOIN_CROSS}


def is_materialized(fact: Fact) -> bool:
    """Return whether a fact says how a common table expression is computed, which has no effect on its rows."""
    return fact.facet is Facet.OTHER and fact.key == (MATERIALIZED,)


def is_about_tables(fact: Fact, tables: set[str]) -> bool:
    """Return whether a condition mentions a column of one of the tables."""
    return any(part.rpartition(".")[0] in tables for part in fact.key)


def kind_of(fact: Fact, tenant_columns: tuple[str, ...]) -> Kind:
    """Name a fact; the condition of an outer join may filter one table by its tenant, too."""
    one_table = fact.facet is Facet.PREDICATE or (
        fact.facet is Facet.JOIN_CONDITION
        and not fact.text.startswith("using")
        and len({part.rpartition(".")[0] for part in fact.key[1:]}) == 1
    )
    if one_table and any(part.rpartition(".")[2] in tenant_columns for part in fact.key):
        return Kind.TENANT_FILTER
    if fact.facet is Facet.VALUES and fact.key not in {(), VALUES_QUERY}:  # the arguments of a table function
        return Kind.TABLE
    if is_materialized(fact):
        return Kind.SUBQUERY
    return Kind.STATEMENT if fact.facet is Facet.VERB else Kind(fact.facet.value)


About: TypeAlias = tuple[Facet, str, tuple[str, ...]]
"""The facet, the scope and the key of a fact."""


def about(fact: Fact) -> About:
    """Return what tells a fact from the others of its statement, independent of its content."""
    return fact.facet, fact.scope, fact.key
