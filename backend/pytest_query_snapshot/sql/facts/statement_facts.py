"""The content of a statement, as a list of facts that can be compared one by one.

Every part of a statement becomes a fact: a table, a condition, a column, a sort key. A token that no fact holds,
and that is not one of the words that only hold a statement together, makes the statement *unexplained*. Two
statements with the same facts ask the same question, in any order and layout.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise, repeat

from pytest_query_snapshot.sql.facts.assignments import assigned_before, numbered, one_by_one
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
    has_aggregate,
    label_of,
)
from pytest_query_snapshot.sql.facts.conjuncts import conjuncts
from pytest_query_snapshot.sql.facts.fact import MATERIALIZED, Facet, Statement
from pytest_query_snapshot.sql.facts.fact_collector import FactCollector
from pytest_query_snapshot.sql.facts.from_clause import (
    Source,
    join_text,
    sources_of,
    table_names,
    visible_names,
)
from pytest_query_snapshot.sql.facts.insert_parts import conflicts
from pytest_query_snapshot.sql.text_cache import MANY_TREES, cached_by_text
from pytest_query_snapshot.sql.word_tree import (
    Group,
    Node,
    Token,
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


@cached_by_text(maxsize=MANY_TREES)
def read_statement(sql: str, *, renamed: tuple[tuple[str, str], ...] = (), dialect: str = "") -> Statement:
    """Read one statement; what is not a query or a change of rows becomes a single fact.

    ``renamed`` are tables and subqueries that are to be called otherwise than the statement calls them.
    """
    tokens = lex(sql, dialect)
    reader = _Reader(renamed=dict(renamed), is_sequential=dialect in {"mysql", "mariadb"})
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


@dataclass(slots=True, kw_only=True)
class _Reader(FactCollector):
    """Walks a statement and its subqueries, clause by clause."""

    renamed: dict[str, str]
    is_sequential: bool = False
    """True where the assignments of UPDATE see those before them."""
    inserted: tuple[tuple[str, str], ...] = ()

    def query(self, nodes: tuple[Node, ...], *, scope: str, aliases: dict[str, str]) -> None:
        """Read a statement, or a subquery, with its common table expressions and set operations."""
        tables, recursive, nodes = common_tables(nodes)
        if recursive:
            self.add(Facet.RECURSIVE, scope, (Token("word", "recursive"),))
        for table in tables:
            self._common_table(table, scope=scope, aliases=aliases)
        arms = _unnested(arms_of(nodes))
        if len(arms) == 1:
            self._arm(arms[0][1], scope=scope, aliases=aliases)
            return
        alike = len({operation for operation, _ in arms[1:]}) == 1
        # the first arm is the query itself, so that an arm more or less leaves it as it is
        for number, (operation, arm) in enumerate(arms, start=1):
            name = self.inner_scope(scope, f"arm {number}") if operation or has_own_clauses(arm) else scope
            if operation:
                key = () if alike else (str(number),)  # arms of one kind may change places
                self.add(Facet.SET_OPERATION, name, (Token("word", operation),), key=key)
                if operation.startswith(("except", "minus")):
                    self.negated.add(name)
            self._arm(arm, scope=name, aliases=aliases, whole=scope)

    def _common_table(self, table: CommonTable, *, scope: str, aliases: dict[str, str]) -> None:
        self.aliases.add(table.name)
        called = self.renamed.get(table.name, table.name)
        inner = self.inner_scope(scope, f"with {called}")
        self.cover(table.head)
        if not table.name:
            self.add(Facet.UNEXPLAINED, inner, (Token("word", "with"),))
        if table.columns:
            self.add(Facet.COLUMN_NAMES, inner, table.columns)
        hint = tuple(node for node in table.head if is_word(node, "not", "materialized"))
        if hint:
            self.add(Facet.OTHER, inner, hint, key=(MATERIALIZED,))
        if not all(is_word(node, "as", "not", "materialized") for node in table.rest):
            self.add(Facet.UNEXPLAINED, inner, table.rest)
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
            self.add(Facet.VERB, scope, nodes[:1])
            self.add(Facet.OTHER, scope, nodes)
            return
        self.add(Facet.VERB, scope, (Token("word", clauses.verb),))
        self._clauses(clauses, scope=scope, aliases=aliases, whole=whole)

    def _clauses(self, clauses: Clauses, *, scope: str, aliases: dict[str, str], whole: str) -> None:
        parts = clauses.parts
        sources = sources_of(clauses)
        names = visible_names(aliases, table_names(sources, self.renamed))
        self.aliases.update(source.alias for source in sources if source.alias)
        if parts.get("row"):
            self.aliases.add(text(parts["row"]))
            names[text(parts["row"])] = _INSERTED_ROW
            self.cover(parts["row"])
        self.cover_outside((*parts.get("target", ()), *parts.get("from", ()), *parts.get("window", ())))
        self._sources(sources, scope=scope, names=names, outer=aliases)
        if clauses.verb == "merge":
            self._merge(parts, sources, scope=scope, names=names)
        for place in ("where", "having"):
            self.conditions(parts.get(place, ()), scope=scope, names=names, place=place)
        self._output(parts.get("select", ()), scope=scope, names=names)
        if clauses.verb == "insert":
            self._insert(parts, scope=scope, names=names)
        _split_off_into(parts)
        for name, facet in _WHOLE.items():
            here = whole if facet in {Facet.LIMIT, Facet.OFFSET} else scope
            key = (name,) if name in _NAMED_PARTS or clauses.verb == name == "values" else ()
            for number, part in enumerate(_pieces(name, parts.get(name, ()))):
                numbered_key = (*key, str(number)) if number and facet is Facet.CONFLICT else key
                self.whole(facet, part, scope=here, names=names, key=numbered_key)
        for name, facet in _LISTS.items():
            items = split_at(parts.get(name, ()), ",")
            after = assigned_before(items) if name == "set" and self.is_sequential else repeat(())
            for item, links in zip(items, after, strict=False):
                self._part(
                    facet, item, scope=whole if facet is Facet.ORDER_BY else scope, names=names, links=links
                )
        if parts.get("rest"):
            self.add(Facet.UNEXPLAINED, scope, parts["rest"])

    def _insert(self, parts: dict[str, tuple[Node, ...]], *, scope: str, names: dict[str, str]) -> None:
        values = parts.get("values", ())
        rows = [node for node in values[1:] if isinstance(node, Group)]
        columns = split_at(parts.get("columns", ()), ",")
        if values and (is_word(values[0], "select", "with", "table") or starts_query(values[0])):
            parts["values"] = ()
            nodes = values if isinstance(values[0], Token) else values[:1]
            self.add(
                Facet.VALUES, scope, (Token("word", "(subquery)"),), links=(self.named_scope(scope, "values"),)
            )
            self.query(nodes, scope=self.inner_scope(scope, "values"), aliases=names)
        elif len(rows) == 1 and len(values) == 2 and is_word(values[0], "values"):  # noqa: PLR2004  VALUES and a row
            given = split_at(rows[0].children, ",")
            if len(given) == len(columns):
                pairs = zip(columns, numbered(given), strict=True)
                self.inserted = tuple(sorted((text(column), value) for column, value in pairs))

    def _merge(
        self, parts: dict[str, tuple[Node, ...]], sources: tuple[Source, ...], *, scope: str, names: dict[str, str]
    ) -> None:
        source = names.get(sources[-1].alias or sources[-1].name, "")
        self.cover_outside(parts.get("on", ()))
        for condition in conjuncts(parts.get("on", ())):
            self.condition(condition, scope=scope, names=names, place="on", source=source, kind="left")
        for branch in split_at(parts.get("when", ()), "when"):
            then = next((i for i, node in enumerate(branch) if is_word(node, "then")), len(branch))
            so_far = next((i for i, node in enumerate(branch[:then]) if is_word(node, "and")), then)
            inner = self.inner_scope(scope, f"when {text(branch[:so_far])}")
            self.cover(branch[:so_far])
            self.conditions(branch[so_far + 1 : then], scope=inner, names=names, place="when")
            self._branch(branch[then + 1 :], scope=inner, names=names)

    def _branch(self, action: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        """Read what a branch of MERGE does; Oracle writes its conditions behind that."""
        self.add(Facet.VERB, scope, action[:1])
        action, where, *deleted = cut_at_where(action)
        self.conditions(where, scope=scope, names=names, place="when")
        for condition in deleted:
            self.conditions(condition, scope=self.inner_scope(scope, "delete"), names=names, place="when")
        if is_word(action[0] if action else None, "update"):
            for item in split_at(one_by_one(action[2:]), ","):
                self._part(Facet.ASSIGNMENT, item, scope=scope, names=names)
        elif len(action) > 1:
            self._merged_row(action[1:], scope=scope, names=names)

    def _merged_row(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        """File ``INSERT (a) VALUES (1)`` of MERGE as its columns and its values."""
        begins = next((i for i, node in enumerate(nodes) if is_word(node, "values", "default")), len(nodes))
        columns = nodes[0].children if begins and isinstance(nodes[0], Group) else ()
        for column in split_at(columns, ","):
            self.whole(Facet.COLUMN, column, scope=scope, names=names, key=(text(column),))
        between = nodes[1 if columns else 0 : begins]
        if between and begins < len(nodes):  # OVERRIDING SYSTEM VALUE
            self.add(Facet.UNEXPLAINED, scope, between)
        self.whole(Facet.VALUES, nodes[begins:] or nodes, scope=scope, names=names)

    def _sources(
        self, sources: tuple[Source, ...], *, scope: str, names: dict[str, str], outer: dict[str, str]
    ) -> None:
        for source in sources:
            if not source.name:
                continue
            name = names.get(source.alias or source.name, source.name)
            links: tuple[str, ...] = ()
            if source.subquery is not None:
                links = (self.inner_scope(scope, f"from {name}"),)
                self.query(source.subquery, scope=links[0], aliases=names if source.lateral else outer)
            self.add(Facet.TABLE, scope, (Token("word", name),), key=(name,), links=links)
            self._modifiers(source, name, scope=scope, names=names)
            if source.arguments:
                self.whole(Facet.VALUES, source.arguments, scope=scope, names=names, key=(name,))
            if source.join is None:
                continue
            self.add(Facet.JOIN_KIND, scope, (Token("word", join_text(source.join, names)),), key=(name,))
            for condition in conjuncts(source.condition):
                self.condition(condition, scope=scope, names=names, place="on", source=name, kind=source.join)

    def _modifiers(self, source: Source, name: str, *, scope: str, names: dict[str, str]) -> None:
        for said, facet in (
            (source.only, Facet.ONLY),
            (source.lateral, Facet.LATERAL),
            (source.ordinality, Facet.ORDINALITY),
        ):
            if said:
                self.add(facet, scope, (Token("word", name),), key=(name,))
        if source.sample:
            self.whole(Facet.SAMPLE, source.sample, scope=scope, names=names, key=(name,))
        if source.columns:
            self.add(Facet.COLUMN_NAMES, scope, source.columns, key=(name,))
        if source.hints:
            self.add(Facet.LOCK, scope, source.hints, key=(name,))
        if source.index:
            self.add(Facet.OTHER, scope, source.index, key=(name,))
        if source.rest:
            self.add(Facet.UNEXPLAINED, scope, source.rest, key=(name,))

    def _output(self, nodes: tuple[Node, ...], *, scope: str, names: dict[str, str]) -> None:
        for item in split_at(nodes, ","):
            facet = Facet.AGGREGATE if has_aggregate(item) else Facet.COLUMN
            self.whole(facet, item, scope=scope, names=names, key=(label_of(item),), place="select")

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
        key = (_target_of(nodes[:end]),) if facet is Facet.ASSIGNMENT else ()
        if facet is Facet.ORDER_BY and is_word(nodes[-1], "asc"):
            nodes = nodes[:-1]
        self.whole(facet, nodes, scope=scope, names=names, key=key, further=links)


def _target_of(nodes: tuple[Node, ...]) -> str:
    """Write the columns of ``(a, b) = (SELECT ..)`` in one order: exchanged, they are one assignment."""
    if len(nodes) == 1 and isinstance(nodes[0], Group):
        return ", ".join(sorted(map(text, split_at(nodes[0].children, ","))))
    return text(nodes)


_INSERTED_ROW = "inserted row"


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


_NAMED_PARTS = frozenset({"or", "option", "into", "distinct keys"})


def _split_off_into(parts: dict[str, tuple[Node, ...]]) -> None:
    """Split ``INTO b`` off ``OUTPUT deleted.id INTO b``: the rows are written there."""
    nodes = parts.get("returning", ())
    into = next((i for i, node in enumerate(nodes) if is_word(node, "into")), len(nodes))
    if into < len(nodes):
        parts["returning"], parts["into"] = nodes[:into], nodes[into:]


def _pieces(name: str, nodes: tuple[Node, ...]) -> list[tuple[Node, ...]]:
    """Cut what may be said several times: FOR UPDATE OF a FOR SHARE OF b, and ON CONFLICT of SQLite."""
    if name == "conflict" and nodes:
        return conflicts(nodes)
    begins = [at for at, node in enumerate(nodes) if at == 0 or (name == "for" and is_word(node, "for"))]
    return [nodes[begin:end] for begin, end in pairwise([*begins, len(nodes)])]


_WHOLE = {
    "limit": Facet.LIMIT,
    "offset": Facet.OFFSET,
    "for": Facet.LOCK,
    "values": Facet.VALUES,
    "or": Facet.CONFLICT,
    "conflict": Facet.CONFLICT,
    "distinct": Facet.DISTINCT,
    "other": Facet.OTHER,
    "option": Facet.OTHER,
    "into": Facet.OTHER,
    "distinct keys": Facet.DISTINCT,
}
_LISTS = {
    "group": Facet.GROUP_BY,
    "order": Facet.ORDER_BY,
    "set": Facet.ASSIGNMENT,
    "returning": Facet.RETURNING,
    "columns": Facet.COLUMN,
}
