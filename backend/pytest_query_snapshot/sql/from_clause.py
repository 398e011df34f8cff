"""The tables that a statement reads or writes, and how they are joined."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_query_snapshot.sql.clauses import Clauses
from pytest_query_snapshot.sql.word_tree import (
    Group,
    Node,
    Token,
    is_word,
    text,
)

JOIN_INNER = "inner"
JOIN_CROSS = "cross"

_JOIN_WORDS = ("join", "inner", "left", "right", "full", "cross", "outer", "natural")
_AFTER_NAME = ("as", "lateral", "only")


@dataclass(frozen=True, slots=True)
class Source:
    """One table, view or subquery of FROM; ``join`` is None for the first."""

    name: str
    alias: str
    join: str | None
    condition: tuple[Node, ...] = ()
    subquery: tuple[Node, ...] | None = None


def sources_of(clauses: Clauses) -> tuple[Source, ...]:
    """Read the target and the FROM clause of a statement."""
    found: list[Source] = []
    if "target" in clauses.parts:
        found.append(_source(clauses.parts["target"], join=None, condition=()))
    found.extend(_from(clauses.parts.get("from", ()), first=not found))
    return tuple(found)


def _from(nodes: tuple[Node, ...], *, first: bool) -> list[Source]:
    """Walk the FROM clause from left to right; nested joins in parentheses are walked in place."""
    found: list[Source] = []
    kind: str | None = None if first else JOIN_CROSS
    for kind_words, item, condition in _items(nodes):
        join = _kind(kind_words) if kind_words else kind
        if len(item) == 1 and isinstance(item[0], Group) and not _is_subquery(item[0]):
            inner = _from(item[0].children, first=True)
            if inner:
                head = inner[0]
                found.append(Source(head.name, head.alias, join, (*head.condition, *condition), head.subquery))
                found.extend(inner[1:])
        else:
            found.append(_source(item, join=join, condition=condition))
        kind = JOIN_CROSS
    return found


def _items(nodes: tuple[Node, ...]) -> list[tuple[tuple[str, ...], tuple[Node, ...], tuple[Node, ...]]]:
    """Cut FROM into (words of the join, the joined item, its condition)."""
    items: list[tuple[list[str], list[Node], list[Node]]] = [([], [], [])]
    in_condition = False
    for position, node in enumerate(nodes):
        words, item, condition = items[-1]
        if isinstance(node, Token) and node.text == ",":
            items.append((["cross"], [], []))
            in_condition = False
        elif is_word(node, *_JOIN_WORDS) and isinstance(node, Token) and not _is_function(nodes, position):
            if item:
                items.append(([node.text], [], []))
            else:
                words.append(node.text)
            in_condition = False
        elif is_word(node, "on", "using"):
            in_condition = True
            if is_word(node, "using"):
                condition.append(node)
        else:
            (condition if in_condition else item).append(node)
    return [(tuple(words), tuple(item), tuple(condition)) for words, item, condition in items if item]


def _is_function(nodes: tuple[Node, ...], position: int) -> bool:
    """``left(name, 3)`` is a call, ``LEFT JOIN`` is not."""
    following = nodes[position + 1] if position + 1 < len(nodes) else None
    return is_word(nodes[position], "left", "right") and isinstance(following, Group)


def _kind(words: tuple[str, ...]) -> str:
    kept = [word for word in words if word in {"left", "right", "full", "cross", "natural"}]
    return " ".join(kept) or JOIN_INNER


def _is_subquery(group: Group) -> bool:
    return bool(group.children) and is_word(group.children[0], "select", "with", "values")


def _source(nodes: tuple[Node, ...], *, join: str | None, condition: tuple[Node, ...]) -> Source:
    nodes = tuple(node for node in nodes if not is_word(node, *_AFTER_NAME))
    if nodes and isinstance(nodes[0], Group):
        alias = nodes[1].text if len(nodes) > 1 and isinstance(nodes[1], Token) else ""
        subquery = nodes[0].children
        return Source(alias or "(subquery)", alias or "(subquery)", join, condition, subquery)
    end = 1
    while end + 1 < len(nodes) and text(nodes[end : end + 1]) == ".":
        end += 2
    if end < len(nodes) and isinstance(nodes[end], Group):  # a table function: generate_series(1, 3)
        end += 1
    last = nodes[end] if end < len(nodes) else None
    alias = last.text if isinstance(last, Token) else ""
    return Source(text(nodes[:end]), alias, join, condition)
