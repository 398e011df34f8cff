"""Facts: the parts of a statement that are compared one by one, and the statement that consists of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum

from pytest_query_snapshot.sql.facts.columns import SUBQUERY, SUBQUERY_TOKEN
from pytest_query_snapshot.sql.word_tree import Node, Token


class Facet(StrEnum):
    """The part of a statement that a fact belongs to."""

    VERB = "verb"
    TABLE = "table"
    ONLY = "only"
    SAMPLE = "sample"
    LATERAL = "lateral"
    ORDINALITY = "ordinality"
    COLUMN_NAMES = "column-names"
    RECURSIVE = "recursive"
    JOIN_KIND = "join-kind"
    JOIN_CONDITION = "join-condition"
    PREDICATE = "predicate"
    COLUMN = "column"
    AGGREGATE = "aggregate"
    DISTINCT = "distinct"
    GROUP_BY = "group-by"
    ORDER_BY = "order-by"
    LIMIT = "limit"
    OFFSET = "offset"
    SET_OPERATION = "set-operation"
    LOCK = "lock"
    ASSIGNMENT = "assignment"
    VALUES = "values"
    CONFLICT = "conflict"
    RETURNING = "returning"
    OTHER = "other"
    UNEXPLAINED = "unexplained"


VALUES_QUERY = ("values",)
"""The key of VALUES that is read like a table, rather than inserted."""


MATERIALIZED = "materialized"
"""The key of the hint that a common table expression is, or is not, to be computed on its own."""


WRITING = frozenset({"insert", "update", "delete", "merge"})
"""The verbs of statements, and of branches of MERGE, that change rows."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of a statement: ``key`` says which part it is, ``form`` what it says, independent of spelling.

    ``text`` is for people. ``links`` are the scopes of its subqueries, ``parameters`` its parameters by name.
    """

    facet: Facet
    scope: str
    text: str = field(compare=False)
    key: tuple[str, ...] = ()
    form: str = ""
    links: tuple[str, ...] = ()
    parameters: tuple[str, ...] = field(default=(), compare=False)
    nodes: tuple[Node, ...] = field(default=(), compare=False, repr=False)

    def nodes_with_links(self) -> tuple[Node, ...]:
        """Return the nodes with each subquery called by its scope, so that two subqueries are not equal."""
        links = iter(self.links)
        return tuple(_linked(node, links) for node in self.nodes)


def _linked(node: Node, links: Iterator[str]) -> Node:
    if isinstance(node, Token):
        return node
    if node.children == (SUBQUERY_TOKEN,):
        return replace(node, children=(replace(SUBQUERY_TOKEN, text=f"{SUBQUERY} {next(links, '')}"),))
    return replace(node, children=tuple(_linked(child, links) for child in node.children))


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and its facts; ``aliases`` are the names it gives to tables.

    ``negated`` are the scopes whose rows keep rows of the scope around them out, ``unsettled`` those whose rows
    may do either, ``compared`` those whose values decide. ``inserted`` maps the columns of an INSERT of one row
    to what each gets.
    """

    verb: str
    tables: tuple[str, ...]
    facts: tuple[Fact, ...]
    aliases: frozenset[str]
    negated: frozenset[str] = frozenset()
    unsettled: frozenset[str] = frozenset()
    compared: frozenset[str] = frozenset()
    inserted: tuple[tuple[str, str], ...] = ()

    def of(self, facet: Facet) -> tuple[Fact, ...]:
        """Return the facts of one facet, in the order of the statement."""
        return tuple(fact for fact in self.facts if fact.facet is facet)
