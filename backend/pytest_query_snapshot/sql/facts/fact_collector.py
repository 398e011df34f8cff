"""The facts of a statement while it is read: which tokens they hold, in which scope, and with which subqueries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field

from pytest_query_snapshot.sql.facts.columns import Subquery, columns_in, outside_subqueries
from pytest_query_snapshot.sql.facts.conjuncts import conjuncts
from pytest_query_snapshot.sql.facts.fact import Facet, Fact
from pytest_query_snapshot.sql.facts.from_clause import JOIN_INNER
from pytest_query_snapshot.sql.facts.malformed import malformed
from pytest_query_snapshot.sql.facts.normal_form import anonymous, normal_form
from pytest_query_snapshot.sql.word_tree import OPEN, PARAMETER, Node, Token, flatten, is_symbol, is_word, text

MAX_SCOPES = 200
"""Subqueries read per statement; what lies beyond is compared as text."""

_CONDITIONS = frozenset({"where", "having", "on", "when"})

_GLUE = frozenset(
    """
    select from where and join inner outer cross left right full natural on using as by with recursive
    group order having limit offset fetch first next row rows only into values value insert update
    delete merge set union intersect except minus all distinct not materialized asc for returning when
    matched then by target source window qualify table case end lateral ordinality tablesample top
    replace default true null 1 straight_join output between ( ) , . ; [ ]
    """.split(),  # noqa: SIM905  words read better as words
)
"""Words that say which part a fact is, and nothing more once all parts are facts."""


@dataclass(slots=True)
class FactCollector(ABC):
    """Files the parts of a statement as facts, and reads its subqueries by `query`."""

    facts: list[Fact] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    scopes: dict[str, int] = field(default_factory=dict)
    negated: set[str] = field(default_factory=set)
    unsettled: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    covered: set[int] = field(default_factory=set)

    @abstractmethod
    def query(self, nodes: tuple[Node, ...], *, scope: str, aliases: dict[str, str]) -> None:
        """Read a statement, or a subquery."""

    def unexplained(self, tokens: tuple[Token, ...], unbalanced: Iterable[Token]) -> None:
        """File the tokens that no fact holds, and parentheses without their other half."""
        loose = (
            token
            for token in tokens
            if token.place not in self.covered and (token.text not in _GLUE or token.kind == OPEN)
        )
        missing = (*loose, *unbalanced, *malformed(tokens))
        if missing:
            self.add(Facet.UNEXPLAINED, "", missing)

    def conditions(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str], place: str) -> None:
        """File the conditions that AND joins."""
        self.cover_outside(nodes)
        for condition in conjuncts(nodes):
            self.condition(condition, scope=scope, names=names, place=place)

    def condition(
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
        columns = columns_in(nodes, names=names)
        tables = {column.rpartition(".")[0] for column in columns} - {""}
        joins = len(tables & set(names.values())) > 1
        using = is_word(nodes[0], "using")
        facet, key = Facet.PREDICATE, ("having" if place == "having" else "", *columns)
        if place == "on" and (joins or using or kind != JOIN_INNER):
            facet, key = Facet.JOIN_CONDITION, ("" if kind == JOIN_INNER and not using else source, *columns)
        elif joins and place == "where":
            facet, key = Facet.JOIN_CONDITION, ("", *columns)
        self.whole(facet, nodes, scope=scope, names=names, key=key, place=place)

    def whole(
        self,
        facet: Facet,
        nodes: tuple[Node, ...],
        *,
        scope: str,
        names: dict[str, str],
        key: tuple[str, ...] = (),
        place: str = "",
        further: tuple[str, ...] = (),
    ) -> None:
        """File a part with its subqueries; leave out a LIMIT or OFFSET that limits nothing."""
        none = {Facet.LIMIT: {"all", "null"}, Facet.OFFSET: {"0"}}.get(facet, set())
        if text(nodes) in none or (facet is Facet.LIMIT and is_symbol(nodes[0], "-")):  # no limit at all
            self.cover(nodes)
            return
        outer, links = self._expression(nodes, scope=scope, names=names, place=place or facet.value)
        self.add(facet, scope, outer, key=key, links=(*links, *further))

    def _expression(
        self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str], place: str
    ) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        """Write an expression with real table names; its subqueries are read as scopes of their own."""
        outer, subqueries = outside_subqueries(nodes, names=names)
        links: list[str] = []
        for subquery in subqueries:
            if len(self.scopes) < MAX_SCOPES:
                links.append(self.inner_scope(scope, place))
                self._direction(subquery, links[-1], place)
                self.query(subquery.nodes, scope=links[-1], aliases=names)
            else:
                self.add(Facet.OTHER, scope, subquery.nodes)
        return outer, tuple(links)

    def _direction(self, subquery: Subquery, scope: str, place: str) -> None:
        """Note what the rows of a subquery do to the condition that it stands in."""
        if subquery.negated:
            self.negated.add(scope)
        if place in _CONDITIONS and subquery.unsettled:
            self.unsettled.add(scope)
        if place in _CONDITIONS and not subquery.tested:
            self.compared.add(scope)

    def named_scope(self, outer: str, name: str) -> str:
        """Return the scope that the next call of `inner_scope` makes."""
        path = f"{outer}/{name}" if outer else name
        number = self.scopes.get(path, 0) + 1
        return path if number == 1 else f"{path} ({number})"

    def inner_scope(self, outer: str, name: str) -> str:
        """Name a new scope below another one."""
        path = f"{outer}/{name}" if outer else name
        found = self.named_scope(outer, name)
        self.scopes[path] = self.scopes.get(path, 0) + 1
        return found

    def cover_outside(self, nodes: tuple[Node, ...]) -> None:
        """Note that facts hold these tokens, but not those of subqueries."""
        self.cover(outside_subqueries(nodes, names={})[0])

    def cover(self, nodes: tuple[Node, ...]) -> None:
        """Note that facts hold these tokens."""
        self.covered.update(token.place for token in flatten(nodes))

    def add(
        self,
        facet: Facet,
        scope: str,
        nodes: tuple[Node, ...],
        *,
        key: tuple[str, ...] = (),
        links: tuple[str, ...] = (),
    ) -> None:
        """File a fact and note its tokens."""
        self.cover(nodes)
        if len(nodes) == 1 and isinstance(nodes[0], Token) and nodes[0].kind != PARAMETER:
            form = shown = nodes[0].text
            parameters: tuple[str, ...] = ()
        else:
            form, parameters = normal_form(nodes)
            shown = text(anonymous(nodes) if parameters else nodes)
        self.facts.append(Fact(facet, scope, shown, key, form, links, parameters, nodes))
