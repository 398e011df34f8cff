"""What a statement says, as a list of facts that can be compared one by one.

Every part of a statement becomes exactly one fact: a table, a condition, a column, a sort key. Two statements
with the same facts ask the same question, in whatever order and layout they are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from pytest_query_snapshot.sql.clauses import arms_of, clauses_of, common_tables
from pytest_query_snapshot.sql.expressions import (
    columns_in,
    conjuncts,
    has_aggregate,
    label_of,
    outside_subqueries,
)
from pytest_query_snapshot.sql.from_clause import JOIN_INNER, Source, sources_of
from pytest_query_snapshot.sql.word_tree import (
    Group,
    Node,
    Token,
    is_word,
    lex,
    split_at,
    text,
    tree,
)

MAX_SCOPES = 200
"""Subqueries read per statement; what lies beyond is compared as text."""


class Facet(StrEnum):
    """The part of a statement that a fact belongs to."""

    VERB = "verb"
    TABLE = "table"
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


@dataclass(frozen=True, slots=True)
class Fact:
    """One part of a statement: ``key`` says which part it is, ``text`` what it says."""

    facet: Facet
    scope: str
    text: str
    key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement and its facts; ``aliases`` are the names it gives to tables."""

    verb: str
    tables: tuple[str, ...]
    facts: tuple[Fact, ...]
    aliases: frozenset[str]

    def of(self, facet: Facet) -> tuple[Fact, ...]:
        """The facts of one facet, in the order of the statement."""
        return tuple(fact for fact in self.facts if fact.facet is facet)


@lru_cache(maxsize=4096)
def read_statement(sql: str, *, renamed: tuple[tuple[str, str], ...] = ()) -> Statement:
    """Read one statement; what is not a query or a change of rows becomes a single fact.

    ``renamed`` are tables and subqueries that are to be called otherwise than the statement calls them.
    """
    nodes = tree(lex(sql))
    reader = _Reader(dict(renamed))
    reader.query(nodes, scope="", aliases={})
    verb = next((fact.text for fact in reader.facts if fact.facet is Facet.VERB), "")
    tables = tuple(fact.text for fact in reader.facts if fact.facet is Facet.TABLE)
    return Statement(verb=verb, tables=tables, facts=tuple(reader.facts), aliases=frozenset(reader.aliases))


@dataclass(slots=True)
class _Reader:
    """Walks a statement and its subqueries, collecting facts."""

    renamed: dict[str, str]
    facts: list[Fact] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    scopes: dict[str, int] = field(default_factory=dict)

    def query(self, nodes: tuple[Node, ...], *, scope: str, aliases: dict[str, str]) -> None:
        """Read a statement, or a subquery, with its common table expressions and set operations."""
        tables, nodes = common_tables(nodes)
        for name, body in tables:
            self.aliases.add(name)
            called = self.renamed.get(name, name)
            self.query(body, scope=self._scope(scope, f"with {called}"), aliases=aliases)
        arms = arms_of(nodes)
        if len(arms) == 1:
            self._arm(arms[0][1], scope=scope, aliases=aliases)
            return
        # the first arm is the query itself, so that an arm more or less leaves it as it is
        for number, (operation, arm) in enumerate(arms, start=1):
            if operation:
                self._add(Facet.SET_OPERATION, scope, operation, (str(number),))
            name = f"{scope}/arm {number}" if scope else f"arm {number}"
            self._arm(arm, scope=scope if number == 1 else name, aliases=aliases, whole=scope)

    def _arm(
        self,
        nodes: tuple[Node, ...],
        *,
        scope: str,
        aliases: dict[str, str],
        whole: str | None = None,
    ) -> None:
        """Read one SELECT, or statement; ``whole`` is the scope of the set operation it is an arm of.

        What stands after the last arm, ORDER BY and LIMIT, is about the whole.
        """
        whole = scope if whole is None else whole
        if len(nodes) == 1 and isinstance(nodes[0], Group) and nodes[0].opening == "(":
            self.query(nodes[0].children, scope=scope, aliases=aliases)
            return
        clauses = clauses_of(nodes)
        if clauses is None:
            self._add(Facet.VERB, scope, nodes[0].text if nodes and isinstance(nodes[0], Token) else "")
            self._add(Facet.OTHER, scope, text(nodes))
            return
        self._add(Facet.VERB, scope, clauses.verb)
        sources = sources_of(clauses)
        names = aliases | _names(sources, self.renamed)
        self.aliases.update(source.alias for source in sources if source.alias)
        self._sources(sources, scope=scope, names=names)
        self._conditions(clauses.parts.get("where", ()), scope=scope, names=names, place="where")
        self._conditions(clauses.parts.get("having", ()), scope=scope, names=names, place="having")
        self._output(clauses.parts.get("select", ()), scope=scope, names=names)
        for name, facet in _WHOLE.items():
            if name in clauses.parts:
                here = whole if facet in {Facet.LIMIT, Facet.OFFSET} else scope
                self._whole(facet, clauses.parts[name], scope=here, names=names)
        for name, facet in _LISTS.items():
            for item in split_at(clauses.parts.get(name, ()), ","):
                self._part(facet, item, scope=whole if facet is Facet.ORDER_BY else scope, names=names)

    def _sources(self, sources: tuple[Source, ...], *, scope: str, names: dict[str, str]) -> None:
        for source in sources:
            name = names.get(source.alias or source.name, source.name)
            if source.subquery is not None:
                self.query(source.subquery, scope=self._scope(scope, f"from {name}"), aliases=names)
            self._add(Facet.TABLE, scope, name, (name,))
            if source.join is None:
                continue
            self._add(Facet.JOIN_KIND, scope, source.join, (name,))
            for condition in conjuncts(source.condition):
                self._condition(condition, scope=scope, names=names, place="on", source=name, kind=source.join)

    def _conditions(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str], place: str) -> None:
        for condition in conjuncts(nodes):
            self._condition(condition, scope=scope, names=names, place=place)

    def _condition(
        self,
        nodes: tuple[Node, ...],
        *,
        scope: str,
        names: dict[str, str],
        place: str,
        source: str = "",
        kind: str = JOIN_INNER,
    ) -> None:
        """File a condition: with an inner join ON and WHERE mean the same, with an outer join they do not."""
        written = self._expression(nodes, scope=scope, names=names, place=place)
        columns = columns_in(nodes, names=names)
        tables = {column.rpartition(".")[0] for column in columns} - {""}
        joins = len(tables & set(names.values())) > 1
        using = is_word(nodes[0], "using")
        if place == "on" and (joins or using or kind != JOIN_INNER):
            key = ("",) if kind == JOIN_INNER and not using else (source,)
            self._add(Facet.JOIN_CONDITION, scope, written, key + columns)
        elif joins and place == "where":
            self._add(Facet.JOIN_CONDITION, scope, written, ("", *columns))
        else:
            self._add(Facet.PREDICATE, scope, written, ("having" if place == "having" else "", *columns))

    def _output(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        for item in split_at(nodes, ","):
            facet = Facet.AGGREGATE if has_aggregate(item) else Facet.COLUMN
            written = self._expression(item, scope=scope, names=names, place="select")
            self._add(facet, scope, written, (label_of(item),))

    def _part(self, facet: Facet, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        written = self._expression(nodes, scope=scope, names=names, place=facet.value)
        key = (text(nodes[:1]),) if facet is Facet.ASSIGNMENT else ()
        self._add(facet, scope, written, key)

    def _whole(self, facet: Facet, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        if facet is Facet.LIMIT and text(nodes) in {"-1", "all", "null"}:
            return
        self._add(facet, scope, self._expression(nodes, scope=scope, names=names, place=facet.value))

    def _expression(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str], place: str) -> str:
        """Write an expression with real table names; its subqueries are read as scopes of their own."""
        outer, subqueries = outside_subqueries(nodes, names=names)
        for subquery in subqueries:
            if len(self.scopes) < MAX_SCOPES:
                self.query(subquery, scope=self._scope(scope, place), aliases=names)
            else:
                self._add(Facet.OTHER, scope, text(subquery))
        return text(outer)

    def _scope(self, outer: str, name: str) -> str:
        path = f"{outer}/{name}" if outer else name
        self.scopes[path] = self.scopes.get(path, 0) + 1
        return path if self.scopes[path] == 1 else f"{path} ({self.scopes[path]})"

    def _add(self, facet: Facet, scope: str, written: str, key: tuple[str, ...] = ()) -> None:
        self.facts.append(Fact(facet=facet, scope=scope, text=written, key=key))


_WHOLE = {
    "limit": Facet.LIMIT,
    "offset": Facet.OFFSET,
    "for": Facet.LOCK,
    "values": Facet.VALUES,
    "conflict": Facet.CONFLICT,
    "distinct": Facet.DISTINCT,
    "other": Facet.OTHER,
}
_LISTS = {
    "group": Facet.GROUP_BY,
    "order": Facet.ORDER_BY,
    "set": Facet.ASSIGNMENT,
    "returning": Facet.RETURNING,
    "columns": Facet.COLUMN,
}


def _names(sources: tuple[Source, ...], renamed: dict[str, str]) -> dict[str, str]:
    """Map the names that a statement gives its tables to the tables: ``a`` to ``agents``, then ``agents#2``."""
    seen: dict[str, int] = {}
    names: dict[str, str] = {}
    for source in sources:
        real = source.name if source.subquery is None else source.alias
        real = renamed.get(real, real)
        seen[real] = seen.get(real, 0) + 1
        names[source.alias or source.name] = real if seen[real] == 1 else f"{real}#{seen[real]}"
    return names
