"""Risks of a changed column, constraint or index: rows that were refused are accepted now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from pytest_query_snapshot.sql.diff.change import Kind
from pytest_query_snapshot.sql.diff.risk.weakening import compare_all, reason_of
from pytest_query_snapshot.sql.word_tree import Group, Node, is_word, lex, split_at, text, tree

_NOT_GUARDED = "rows that were refused may be accepted"
_OTHER_GUARD = "the constraint may accept rows that it refused"
_OPTION = "an option of the table is gone"


def reason_of_change(kind: Kind, old: str, new: str) -> str:
    """Return why a part of a schema guards less than before; empty if it guards as much."""
    before, after = tree(lex(old)), tree(lex(new))
    if kind is Kind.COLUMN:
        return _column(before, after)
    if kind is Kind.CONSTRAINT:
        return _constraint(before, after)
    if kind is Kind.INDEX:
        return _NOT_GUARDED if is_word(before[1], "unique") and not _is_as_unique(before, after) else ""
    return _OPTION if kind is Kind.TABLE and set(_words(before)) - set(_words(after)) else ""


def _words(nodes: tuple[Node, ...]) -> list[str]:
    return [text((node,)) for node in nodes]


def _column(old: tuple[Node, ...], new: tuple[Node, ...]) -> str:
    before, after = (dict(_guards(nodes)) for nodes in (old, new))
    for name, guard in before.items():
        if name not in after:
            return _NOT_GUARDED
        if guard != after[name] and (why := _constraint(guard, after[name])):
            return why
    return ""


def _guards(nodes: tuple[Node, ...]) -> Iterator[tuple[str, tuple[Node, ...]]]:
    """Yield the guards of one column by their first word and its number, each with what follows it."""
    starts = [i for i, node in enumerate(nodes) if i and _begins_guard(nodes, i)]
    seen: Counter[str] = Counter()
    for start, end in pairwise([*starts, len(nodes)]):
        word = text(nodes[start : start + 1])
        seen[word] += 1
        yield f"{word} {seen[word]}", nodes[start:end]


def _begins_guard(nodes: tuple[Node, ...], at: int) -> bool:
    if is_word(nodes[at], "not"):
        return is_word(nodes[at + 1] if at + 1 < len(nodes) else None, "null")
    return is_word(nodes[at], "check", "unique", "primary", "references", "generated")


def _constraint(old: tuple[Node, ...], new: tuple[Node, ...]) -> str:
    before, after = _unnamed(old), _unnamed(new)
    if text(before[:1]) != text(after[:1]):
        return _OTHER_GUARD
    if is_word(before[0], "not"):  # what follows NOT NULL guards nothing
        return ""
    if is_word(before[0], "check") and _is_call(before) and _is_call(after):
        return reason_of(compare_all([_inner(before)], [_inner(after)]))
    if is_word(before[0], "unique", "primary") and _is_call(before) and _is_call(after):
        return "" if _columns(after) <= _columns(before) else _OTHER_GUARD
    return _OTHER_GUARD


def _unnamed(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """Take off ``ALTER TABLE a ADD CONSTRAINT name``."""
    at = next((i for i, node in enumerate(nodes) if is_word(node, "constraint")), -2)
    return nodes[at + 2 :]


def _is_call(nodes: tuple[Node, ...]) -> bool:
    """Return whether a constraint is complete with its parentheses: no DEFERRABLE, no NOT VALID."""
    return isinstance(nodes[-1], Group) and sum(isinstance(node, Group) for node in nodes) == 1


def _inner(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    return next((node.children for node in nodes if isinstance(node, Group)), ())


def _columns(nodes: tuple[Node, ...]) -> set[str]:
    return {text(column) for column in split_at(_inner(nodes), ",")}


def _is_as_unique(old: tuple[Node, ...], new: tuple[Node, ...]) -> bool:
    """Return whether a unique index still refuses every row that it refused."""
    if not is_word(new[1], "unique") or not _columns(new) <= _columns(old):
        return False
    if "nulls not distinct" in text(old) and "nulls not distinct" not in text(new):
        return False
    where = _where(new)
    return not where or where == _where(old)


def _where(nodes: tuple[Node, ...]) -> str:
    start = next((i for i, node in enumerate(nodes) if is_word(node, "where")), len(nodes))
    return text(nodes[start:])
