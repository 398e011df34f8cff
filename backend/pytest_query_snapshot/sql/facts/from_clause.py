"""The tables that a statement reads or writes, how they are joined, and what else FROM says of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pytest_query_snapshot.sql.facts.clauses import Clauses
from pytest_query_snapshot.sql.word_tree import (
    WORD,
    Group,
    Node,
    Token,
    is_name,
    is_symbol,
    is_word,
    starts_query,
    text,
)

JOIN_INNER = "inner"
JOIN_CROSS = "cross"

_JOIN_WORDS = ("join", "inner", "left", "right", "full", "cross", "outer", "natural", "straight_join")


@dataclass(frozen=True, slots=True)
class Source:
    """One table, view or subquery of FROM; ``join`` is None for the first."""

    name: str
    alias: str
    join: str | None
    condition: tuple[Node, ...] = ()
    subquery: tuple[Node, ...] | None = None
    arguments: tuple[Node, ...] = ()
    """The arguments of a table function."""
    columns: tuple[Node, ...] = ()
    """The names that the alias gives to columns."""
    sample: tuple[Node, ...] = ()
    only: bool = False
    lateral: bool = False
    ordinality: bool = False
    hints: tuple[Node, ...] = ()
    """``WITH (NOLOCK)`` of SQL Server."""
    index: tuple[Node, ...] = ()
    """``USE INDEX (a)`` of MySQL, ``INDEXED BY a`` of SQLite, ``FOR SYSTEM_TIME AS OF b`` of versioned tables."""
    rest: tuple[Node, ...] = ()
    """The tokens that are not understood."""


def sources_of(clauses: Clauses) -> tuple[Source, ...]:
    """Read the target and the FROM clause of a statement."""
    found: list[Source] = []
    if "target" in clauses.parts:
        targets = _from(clauses.parts["target"], first=True)
        found.extend(targets or [Source("", "", None)])
    found.extend(_from(clauses.parts.get("from", ()), first=not found))
    return tuple(found)


def _from(nodes: tuple[Node, ...], *, first: bool) -> list[Source]:
    """Walk the FROM clause from left to right; nested joins in parentheses are walked in place."""
    found: list[Source] = []
    kind: str | None = None if first else JOIN_CROSS
    for words, item, condition in _items(nodes):
        join = _kind(words, before=found) if words else kind
        if len(item) == 1 and isinstance(item[0], Group) and not starts_query(item[0]):
            inner = _from(item[0].children, first=True)
            if inner:
                # how far an outer join reaches is part of its kind
                names = ", ".join(source.alias or source.name for source in inner)
                nested = f"{join} ({names})" if len(inner) > 1 and join not in {None, JOIN_INNER} else join
                found.append(replace(inner[0], join=nested, condition=(*inner[0].condition, *condition)))
                found.extend(inner[1:])
        else:
            source = _source(item)
            lateral = source.lateral or "apply" in words
            found.append(replace(source, join=join, condition=condition, lateral=lateral))
        kind = JOIN_CROSS
    return found


def _items(nodes: tuple[Node, ...]) -> list[tuple[tuple[str, ...], tuple[Node, ...], tuple[Node, ...]]]:
    """Cut FROM into (words of the join, the joined item, its condition)."""
    items: list[tuple[list[str], list[Node], list[Node]]] = [([], [], [])]
    in_condition = False
    for position, node in enumerate(nodes):
        words, item, condition = items[-1]
        if is_symbol(node, ","):
            items.append((["cross", "join"], [], []))
            in_condition = False
        elif _is_join_word(nodes, position) and isinstance(node, Token):
            if item:
                items.append(([node.text], [], []))
            else:
                words.append(node.text)
            in_condition = False
        elif is_word(node, "on", "using") and item:
            in_condition = True
            if is_word(node, "using"):
                condition.append(node)
        else:
            (condition if in_condition else item).append(node)
    return [(tuple(words), tuple(item), tuple(condition)) for words, item, condition in items if item]


def _is_join_word(nodes: tuple[Node, ...], position: int) -> bool:
    node, before = nodes[position], nodes[position - 1] if position else None
    if is_word(node, "apply"):
        return is_word(before, "cross", "outer")
    return is_word(node, *_JOIN_WORDS) and not _is_function(nodes, position)


def _is_function(nodes: tuple[Node, ...], position: int) -> bool:
    """``left(name, 3)`` is a call, ``LEFT JOIN`` is not."""
    following = nodes[position + 1] if position + 1 < len(nodes) else None
    before = nodes[position - 1] if position else None
    called = is_word(nodes[position], "left", "right") and isinstance(following, Group)
    return called or is_symbol(before, ".") or is_word(before, "as")


def _kind(words: tuple[str, ...], *, before: list[Source]) -> str:
    if "apply" in words:  # CROSS APPLY and OUTER APPLY of SQL Server
        return JOIN_CROSS if "cross" in words else "left"
    kept = [word for word in words if word in {"left", "right", "full", "cross", "natural"}]
    kind = " ".join(kept) or JOIN_INNER
    if not {"join", "straight_join"} & set(words):
        kind = f"{kind} without join"
    if {"right", "full", "natural"} & set(kept) and len(before) > 1:
        # the tables on the left of such a join decide what it keeps
        return f"{kind} of ({', '.join(source.alias or source.name for source in before)})"
    return kind


def _source(nodes: tuple[Node, ...]) -> Source:
    at = 0
    only = lateral = False
    while at + 1 < len(nodes) and is_word(nodes[at], "only", "lateral"):
        only = only or is_word(nodes[at], "only")
        lateral = lateral or is_word(nodes[at], "lateral")
        at += 1
    if at < len(nodes) and starts_query(nodes[at]):
        group = nodes[at]
        body = group.children if isinstance(group, Group) else ()
        found = _described(nodes[at + 1 :], Source("", "", None, subquery=body, only=only, lateral=lateral))
        return replace(found, name=found.alias or "(subquery)", alias=found.alias or "(subquery)")
    if only and at < len(nodes) and isinstance(nodes[at], Group):  # ONLY (a)
        nodes = (*_children(nodes[at]), *nodes[at + 1 :])
        at = 0
    if at < len(nodes) and is_word(nodes[at], "as"):  # a FROM without a table
        return Source("(none)", "", None, rest=nodes[at:])
    begin, at = at, at + 1
    while at + 1 < len(nodes) and is_symbol(nodes[at], "."):
        at += 2
    name = nodes[begin:at]
    arguments: tuple[Node, ...] = ()
    if at < len(nodes) and isinstance(nodes[at], Group):  # a table function: generate_series(1, 3)
        arguments = (nodes[at],)
        at += 1
    found = Source(text(name), "", None, arguments=arguments, only=only, lateral=lateral)
    return _described(nodes[at:], found)


def _children(node: Node) -> tuple[Node, ...]:
    return node.children if isinstance(node, Group) else ()


def _described(nodes: tuple[Node, ...], source: Source) -> Source:
    """Read what follows a table: its alias and columns, sample, ordinality."""
    at = 0
    rest: list[Node] = []
    while at < len(nodes):
        node, following = nodes[at], nodes[at + 1] if at + 1 < len(nodes) else None
        if is_word(node, "tablesample"):
            source = replace(source, sample=nodes[at + 1 :])
            break
        if is_word(node, "with") and is_word(following, "ordinality"):
            source = replace(source, ordinality=True)
            at += 2
        elif is_word(node, "with") and isinstance(following, Group):
            source = _with_hints(source, following)
            at += 2
        elif (end := max(_end_of_index_hint(nodes, at), _end_of_period(nodes, at))) > at:
            source = replace(source, index=(*source.index, *nodes[at:end]))
            at = end
        elif is_word(node, "as") and is_name(following) and isinstance(following, Token) and not source.alias:
            source = replace(source, alias=following.text)
            at += 2
        elif is_name(node) and isinstance(node, Token) and not source.alias and not is_word(node, *_NOT_ALIASES):
            source = replace(source, alias=node.text)
            at += 1
        elif isinstance(node, Group) and source.alias and not source.columns:
            source = replace(source, columns=node.children)
            at += 1
        elif is_symbol(node, "*") and not source.alias:  # a table and those that inherit from it
            at += 1
        else:
            rest.append(node)
            at += 1
    return replace(source, rest=tuple(rest))


def _with_hints(source: Source, group: Group) -> Source:
    """Add ``WITH (..)``: the hints of a table, but the columns that a function such as OPENJSON returns."""
    if source.arguments:
        return replace(source, columns=group.children)
    return replace(source, hints=(*source.hints, group))


def _end_of_index_hint(nodes: tuple[Node, ...], at: int) -> int:
    """Return where the hint that begins here ends; the same place if none does."""
    words = [node.text if isinstance(node, Token) and node.kind == WORD else "" for node in nodes[at : at + 2]]
    if words == ["indexed", "by"]:
        return min(at + 3, len(nodes))
    if words == ["not", "indexed"]:
        return at + 2
    if words[0] in {"use", "force", "ignore"} and words[1:] in (["index"], ["key"]):
        groups = (i for i in range(at, len(nodes)) if isinstance(nodes[i], Group))
        return next(groups, at - 1) + 1
    return at


def _end_of_period(nodes: tuple[Node, ...], at: int) -> int:
    """Return where ``FOR SYSTEM_TIME ..`` that begins here ends: before the alias."""
    if not is_word(nodes[at], "for") or not is_word(nodes[at + 1] if at + 1 < len(nodes) else None, "system_time"):
        return at
    aliases = (i for i in range(at, len(nodes) - 1) if is_word(nodes[i], "as") and not is_word(nodes[i + 1], "of"))
    return next(aliases, len(nodes))


_NOT_ALIASES = ("indexed", "not", "use", "force", "ignore", "with", "partition", "as", "for")


def table_names(sources: tuple[Source, ...], renamed: dict[str, str]) -> dict[str, str]:
    """Map the names that a statement gives its tables to the tables: ``a`` to ``agents``, then ``agents#2``."""
    seen: dict[str, int] = {}
    names: dict[str, str] = {}
    for source in sources:
        real = source.name if source.subquery is None else source.alias
        real = renamed.get(real, real)
        seen[real] = seen.get(real, 0) + 1
        names[source.alias or source.name] = real if seen[real] == 1 else f"{real}#{seen[real]}"
    return names


_OUTER = "outer "
"""Mark of the table of an enclosing query where the query itself reads a table of that name."""


def visible_names(outer: dict[str, str], own: dict[str, str]) -> dict[str, str]:
    """Add the names of the enclosing queries to those of one; the same table read again is another one."""
    here = {_base(real) for real in own.values()}
    return {alias: f"{_OUTER}{real}" if _base(real) in here else real for alias, real in outer.items()} | own


def _base(real: str) -> str:
    return real.replace(_OUTER, "").partition("#")[0]


def join_text(join: str, names: dict[str, str]) -> str:
    """Write the tables that an outer join depends on with their real names."""
    kind, bracket, tables = join.partition(" (")
    if not bracket:
        return join
    return f"{kind} ({', '.join(sorted(names.get(each, each) for each in tables.rstrip(')').split(', ')))})"
