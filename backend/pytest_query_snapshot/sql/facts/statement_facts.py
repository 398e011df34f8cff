"""The content of a statement, as a list of facts that can be compared one by one.

Every part of a statement becomes a fact: a table, a condition, a column, a sort key. A token that no fact holds,
and that is not one of the words that only hold a statement together, makes the statement *unexplained*. Two
statements with the same facts ask the same question, in any order and layout.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import repeat

from pytest_query_snapshot.sql.facts.assignments import assigned_before, numbered
from pytest_query_snapshot.sql.facts.clauses import (
    Clauses,
    CommonTable,
    arms_of,
    clauses_of,
    common_tables,
    cut_at_where,
    has_own_clauses,
)
from pytest_query_snapshot.sql.facts.columns import (
    Subquery,
    columns_in,
    has_aggregate,
    label_of,
    outside_subqueries,
)
from pytest_query_snapshot.sql.facts.expressions import conjuncts
from pytest_query_snapshot.sql.facts.fact import MATERIALIZED, Facet, Fact, Statement
from pytest_query_snapshot.sql.facts.from_clause import (
    JOIN_INNER,
    Source,
    join_text,
    sources_of,
    table_names,
    visible_names,
)
from pytest_query_snapshot.sql.facts.normal_form import anonymous, normal_form
from pytest_query_snapshot.sql.word_tree import (
    OPEN,
    Group,
    Node,
    Token,
    flatten,
    is_hint,
    is_symbol,
    is_word,
    lex,
    split_at,
    starts_query,
    text,
    tree,
    unbalanced,
)

MAX_SCOPES = 200
"""Subqueries read per statement; what lies beyond is compared as text."""


@lru_cache(maxsize=4096)
def read_statement(sql: str, *, renamed: tuple[tuple[str, str], ...] = (), dialect: str = "") -> Statement:
    """Read one statement; what is not a query or a change of rows becomes a single fact.

    ``renamed`` are tables and subqueries that are to be called otherwise than the statement calls them.
    """
    tokens = lex(sql, dialect)
    reader = _Reader(dict(renamed), is_sequential=dialect in {"mysql", "mariadb"})
    nodes = tree(tuple(token for token in tokens if not is_hint(token)))
    reader.query(nodes, scope="", aliases={})
    reader.unexplained(tokens, unbalanced(nodes))
    verb = next((fact.text for fact in reader.facts if fact.facet is Facet.VERB), "")
    tables = tuple(fact.text for fact in reader.facts if fact.facet is Facet.TABLE)
    return Statement(
        verb=verb,
        tables=tables,
        facts=tuple(reader.facts),
        aliases=frozenset(reader.aliases),
        negated=frozenset(reader.negated),
        unsettled=frozenset(reader.unsettled),
        compared=frozenset(reader.compared),
        inserted=reader.inserted,
    )


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
class _Reader:
    """Walks a statement and its subqueries, collecting facts."""

    renamed: dict[str, str]
    is_sequential: bool = False
    """True where the assignments of UPDATE see those before them."""
    facts: list[Fact] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    scopes: dict[str, int] = field(default_factory=dict)
    negated: set[str] = field(default_factory=set)
    unsettled: set[str] = field(default_factory=set)
    compared: set[str] = field(default_factory=set)
    covered: set[int] = field(default_factory=set)
    inserted: tuple[tuple[str, str], ...] = ()

    def unexplained(self, tokens: tuple[Token, ...], unbalanced: Iterable[Token]) -> None:
        """File the tokens that no fact holds, and parentheses without their other half."""
        loose = (
            token
            for token in tokens
            if token.place not in self.covered and (token.text not in _GLUE or token.kind == OPEN)
        )
        missing = (*loose, *unbalanced)
        if missing:
            self._add(Facet.UNEXPLAINED, "", missing)

    def query(self, nodes: tuple[Node, ...], *, scope: str, aliases: dict[str, str]) -> None:
        """Read a statement, or a subquery, with its common table expressions and set operations."""
        tables, recursive, nodes = common_tables(nodes)
        if recursive:
            self._add(Facet.RECURSIVE, scope, (Token("word", "recursive"),))
        for table in tables:
            self._common_table(table, scope=scope, aliases=aliases)
        arms = _unnested(arms_of(nodes))
        if len(arms) == 1:
            self._arm(arms[0][1], scope=scope, aliases=aliases)
            return
        alike = len({operation for operation, _ in arms[1:]}) == 1
        # the first arm is the query itself, so that an arm more or less leaves it as it is
        for number, (operation, arm) in enumerate(arms, start=1):
            name = self._scope(scope, f"arm {number}") if operation or has_own_clauses(arm) else scope
            if operation:
                key = () if alike else (str(number),)  # arms of one kind may change places
                self._add(Facet.SET_OPERATION, name, (Token("word", operation),), key=key)
                if operation.startswith(("except", "minus")):
                    self.negated.add(name)
            self._arm(arm, scope=name, aliases=aliases, whole=scope)

    def _common_table(self, table: CommonTable, *, scope: str, aliases: dict[str, str]) -> None:
        self.aliases.add(table.name)
        called = self.renamed.get(table.name, table.name)
        inner = self._scope(scope, f"with {called}")
        self._cover(table.head)
        if not table.name:
            self._add(Facet.UNEXPLAINED, inner, (Token("word", "with"),))
        if table.columns:
            self._add(Facet.COLUMN_NAMES, inner, table.columns)
        hint = tuple(node for node in table.head if is_word(node, "not", "materialized"))
        if hint:
            self._add(Facet.OTHER, inner, hint, key=(MATERIALIZED,))
        if not all(is_word(node, "as", "not", "materialized") for node in table.rest):
            self._add(Facet.UNEXPLAINED, inner, table.rest)
        self.query(table.body, scope=inner, aliases=aliases)

    def _arm(
        self,
        nodes: tuple[Node, ...],
        *,
        scope: str,
        aliases: dict[str, str],
        whole: str | None = None,
    ) -> None:
        """Read one SELECT, or statement; ``whole`` is the scope of the set operation it is an arm of.

        ORDER BY and LIMIT after the last arm are about the whole.
        """
        whole = scope if whole is None else whole
        if len(nodes) == 1 and isinstance(nodes[0], Group) and nodes[0].opening == "(":
            self.query(nodes[0].children, scope=scope, aliases=aliases)
            return
        clauses = clauses_of(nodes)
        if clauses is None:
            self._add(Facet.VERB, scope, nodes[:1])
            self._add(Facet.OTHER, scope, nodes)
            return
        self._add(Facet.VERB, scope, (Token("word", clauses.verb),))
        self._clauses(clauses, scope=scope, aliases=aliases, whole=whole)

    def _clauses(self, clauses: Clauses, *, scope: str, aliases: dict[str, str], whole: str) -> None:
        parts = clauses.parts
        sources = sources_of(clauses)
        names = visible_names(aliases, table_names(sources, self.renamed))
        self.aliases.update(source.alias for source in sources if source.alias)
        self._cover_outside((*parts.get("target", ()), *parts.get("from", ()), *parts.get("window", ())))
        self._sources(sources, scope=scope, names=names, outer=aliases)
        if clauses.verb == "merge":
            self._merge(parts, sources, scope=scope, names=names)
        for place in ("where", "having"):
            self._conditions(parts.get(place, ()), scope=scope, names=names, place=place)
        self._output(parts.get("select", ()), scope=scope, names=names)
        if clauses.verb == "insert":
            self._insert(parts, scope=scope, names=names)
        for name, facet in _WHOLE.items():
            if parts.get(name):
                here = whole if facet in {Facet.LIMIT, Facet.OFFSET} else scope
                key = (name,) if name == "or" or clauses.verb == name == "values" else ()
                self._whole(facet, parts[name], scope=here, names=names, key=key)
        for name, facet in _LISTS.items():
            items = split_at(parts.get(name, ()), ",")
            after = assigned_before(items) if name == "set" and self.is_sequential else repeat(())
            for item, links in zip(items, after, strict=False):
                self._part(
                    facet, item, scope=whole if facet is Facet.ORDER_BY else scope, names=names, links=links
                )
        if parts.get("rest"):
            self._add(Facet.UNEXPLAINED, scope, parts["rest"])

    def _insert(self, parts: dict[str, tuple[Node, ...]], *, scope: str, names: dict[str, str]) -> None:
        values = parts.get("values", ())
        rows = [node for node in values[1:] if isinstance(node, Group)]
        columns = split_at(parts.get("columns", ()), ",")
        if values and (is_word(values[0], "select", "with", "table") or starts_query(values[0])):
            parts["values"] = ()
            nodes = values if isinstance(values[0], Token) else values[:1]
            self._add(
                Facet.VALUES, scope, (Token("word", "(subquery)"),), links=(self._named_scope(scope, "values"),)
            )
            self.query(nodes, scope=self._scope(scope, "values"), aliases=names)
            if nodes != values:
                self._add(Facet.UNEXPLAINED, scope, values[1:])
        elif len(rows) == 1 and len(values) == 2 and is_word(values[0], "values"):  # noqa: PLR2004  VALUES and a row
            given = split_at(rows[0].children, ",")
            if len(given) == len(columns):
                pairs = zip(columns, numbered(given), strict=True)
                self.inserted = tuple(sorted((text(column), value) for column, value in pairs))

    def _merge(
        self, parts: dict[str, tuple[Node, ...]], sources: tuple[Source, ...], *, scope: str, names: dict[str, str]
    ) -> None:
        source = names.get(sources[-1].alias or sources[-1].name, "")
        self._cover_outside(parts.get("on", ()))
        for condition in conjuncts(parts.get("on", ())):
            self._condition(condition, scope=scope, names=names, place="on", source=source, kind="left")
        for branch in split_at(parts.get("when", ()), "when"):
            then = next((i for i, node in enumerate(branch) if is_word(node, "then")), len(branch))
            so_far = next((i for i, node in enumerate(branch[:then]) if is_word(node, "and")), then)
            inner = self._scope(scope, f"when {text(branch[:so_far])}")
            self._cover(branch[:so_far])
            self._conditions(branch[so_far + 1 : then], scope=inner, names=names, place="when")
            self._branch(branch[then + 1 :], scope=inner, names=names)

    def _branch(self, action: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        """Read what a branch of MERGE does; Oracle writes its conditions behind that."""
        self._add(Facet.VERB, scope, action[:1])
        action, where, *deleted = cut_at_where(action)
        self._conditions(where, scope=scope, names=names, place="when")
        for condition in deleted:
            self._conditions(condition, scope=self._scope(scope, "delete"), names=names, place="when")
        if is_word(action[0] if action else None, "update"):
            for item in split_at(action[2:], ","):
                self._part(Facet.ASSIGNMENT, item, scope=scope, names=names)
        elif len(action) > 1:
            self._merged_row(action[1:], scope=scope, names=names)

    def _merged_row(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        """File ``INSERT (a) VALUES (1)`` of MERGE as its columns and its values."""
        values = next((i for i, node in enumerate(nodes) if is_word(node, "values")), len(nodes))
        columns = nodes[0].children if values == 1 and isinstance(nodes[0], Group) else ()
        for column in split_at(columns, ","):
            self._whole(Facet.COLUMN, column, scope=scope, names=names, key=(text(column),))
        self._whole(Facet.VALUES, nodes[values:] if columns else nodes, scope=scope, names=names)

    def _sources(
        self, sources: tuple[Source, ...], *, scope: str, names: dict[str, str], outer: dict[str, str]
    ) -> None:
        for source in sources:
            if not source.name:
                continue
            name = names.get(source.alias or source.name, source.name)
            links: tuple[str, ...] = ()
            if source.subquery is not None:
                links = (self._scope(scope, f"from {name}"),)
                self.query(source.subquery, scope=links[0], aliases=names if source.lateral else outer)
            self._add(Facet.TABLE, scope, (Token("word", name),), key=(name,), links=links)
            self._modifiers(source, name, scope=scope, names=names)
            if source.arguments:
                self._whole(Facet.VALUES, source.arguments, scope=scope, names=names, key=(name,))
            if source.join is None:
                continue
            self._add(Facet.JOIN_KIND, scope, (Token("word", join_text(source.join, names)),), key=(name,))
            for condition in conjuncts(source.condition):
                self._condition(condition, scope=scope, names=names, place="on", source=name, kind=source.join)

    def _modifiers(self, source: Source, name: str, *, scope: str, names: dict[str, str]) -> None:
        for said, facet in (
            (source.only, Facet.ONLY),
            (source.lateral, Facet.LATERAL),
            (source.ordinality, Facet.ORDINALITY),
        ):
            if said:
                self._add(facet, scope, (Token("word", name),), key=(name,))
        if source.sample:
            self._whole(Facet.SAMPLE, source.sample, scope=scope, names=names, key=(name,))
        if source.columns:
            self._add(Facet.COLUMN_NAMES, scope, source.columns, key=(name,))
        if source.hints:
            self._add(Facet.LOCK, scope, source.hints, key=(name,))
        if source.index:
            self._add(Facet.OTHER, scope, source.index, key=(name,))
        if source.rest:
            self._add(Facet.UNEXPLAINED, scope, source.rest, key=(name,))

    def _conditions(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str], place: str) -> None:
        self._cover_outside(nodes)
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
        columns = columns_in(nodes, names=names)
        tables = {column.rpartition(".")[0] for column in columns} - {""}
        joins = len(tables & set(names.values())) > 1
        using = is_word(nodes[0], "using")
        facet, key = Facet.PREDICATE, ("having" if place == "having" else "", *columns)
        if place == "on" and (joins or using or kind != JOIN_INNER):
            facet, key = Facet.JOIN_CONDITION, ("" if kind == JOIN_INNER and not using else source, *columns)
        elif joins and place == "where":
            facet, key = Facet.JOIN_CONDITION, ("", *columns)
        self._whole(facet, nodes, scope=scope, names=names, key=key, place=place)

    def _output(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        for item in split_at(nodes, ","):
            facet = Facet.AGGREGATE if has_aggregate(item) else Facet.COLUMN
            self._whole(facet, item, scope=scope, names=names, key=(label_of(item),), place="select")

    def _part(
        self,
        facet: Facet,
        nodes: tuple[Node, ...],
        *,
        scope: str,
        names: dict[str, str],
        links: tuple[str, ...] = (),
    ) -> None:
        end = next((i for i, node in enumerate(nodes) if is_symbol(node, "=")), 1)
        key = (text(nodes[:end]),) if facet is Facet.ASSIGNMENT else ()
        if facet is Facet.ORDER_BY and is_word(nodes[-1], "asc"):
            nodes = nodes[:-1]
        self._whole(facet, nodes, scope=scope, names=names, key=key, further=links)

    def _whole(
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
        none = {Facet.LIMIT: {"all", "null"}, Facet.OFFSET: {"0"}}.get(facet, set())
        if text(nodes) in none or (facet is Facet.LIMIT and is_symbol(nodes[0], "-")):  # no limit at all
            self._cover(nodes)
            return
        outer, links = self._expression(nodes, scope=scope, names=names, place=place or facet.value)
        self._add(facet, scope, outer, key=key, links=(*links, *further))

    def _expression(
        self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str], place: str
    ) -> tuple[tuple[Node, ...], tuple[str, ...]]:
        """Write an expression with real table names; its subqueries are read as scopes of their own."""
        outer, subqueries = outside_subqueries(nodes, names=names)
        self._cover(outer)
        links: list[str] = []
        for subquery in subqueries:
            if len(self.scopes) < MAX_SCOPES:
                links.append(self._scope(scope, place))
                self._direction(subquery, links[-1], place)
                self.query(subquery.nodes, scope=links[-1], aliases=names)
            else:
                self._add(Facet.OTHER, scope, subquery.nodes)
        return outer, tuple(links)

    def _direction(self, subquery: Subquery, scope: str, place: str) -> None:
        """Note what the rows of a subquery do to the condition that it stands in."""
        if subquery.negated:
            self.negated.add(scope)
        if place in _CONDITIONS and subquery.unsettled:
            self.unsettled.add(scope)
        if place in _CONDITIONS and not subquery.tested:
            self.compared.add(scope)

    def _named_scope(self, outer: str, name: str) -> str:
        """Return the scope that the next call of `_scope` makes."""
        path = f"{outer}/{name}" if outer else name
        number = self.scopes.get(path, 0) + 1
        return path if number == 1 else f"{path} ({number})"

    def _scope(self, outer: str, name: str) -> str:
        path = f"{outer}/{name}" if outer else name
        found = self._named_scope(outer, name)
        self.scopes[path] = self.scopes.get(path, 0) + 1
        return found

    def _cover_outside(self, nodes: tuple[Node, ...]) -> None:
        self._cover(outside_subqueries(nodes, names={})[0])

    def _cover(self, nodes: tuple[Node, ...]) -> None:
        self.covered.update(token.place for token in flatten(nodes))

    def _add(
        self,
        facet: Facet,
        scope: str,
        nodes: tuple[Node, ...],
        *,
        key: tuple[str, ...] = (),
        links: tuple[str, ...] = (),
    ) -> None:
        self._cover(nodes)
        form, parameters = normal_form(nodes)
        shown = text(anonymous(nodes))
        self.facts.append(Fact(facet, scope, shown, key, form, links, parameters, nodes))


def _unnested(arms: list[tuple[str, tuple[Node, ...]]]) -> list[tuple[str, tuple[Node, ...]]]:
    """Take the parentheses off a first arm that is a set operation: ``(a UNION b) EXCEPT c`` is read that way.

    INTERSECT may bind tighter than the others.
    """
    first = arms[0][1]
    if len(arms) == 1 or len(first) != 1 or not isinstance(first[0], Group) or first[0].opening != "(":
        return arms
    inner = arms_of(first[0].children)
    plain = not any(
        is_word(node, "order", "limit", "offset", "fetch", "with", "for") for node in first[0].children
    )
    tighter = any(operation.startswith("intersect") for operation, _ in arms)
    return [*inner, *arms[1:]] if len(inner) > 1 and plain and not tighter else arms


_CONDITIONS = frozenset({"where", "having", "on", "when"})
_WHOLE = {
    "limit": Facet.LIMIT,
    "offset": Facet.OFFSET,
    "for": Facet.LOCK,
    "values": Facet.VALUES,
    "or": Facet.CONFLICT,
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
