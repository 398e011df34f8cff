"""Comparison of ON CONFLICT, ON DUPLICATE KEY and OR REPLACE: which rows are written over."""

from __future__ import annotations

from dataclasses import dataclass

from pytest_query_snapshot.sql.diff.risk.strictness import Strictness
from pytest_query_snapshot.sql.diff.risk.weakening import OTHER_COLUMNS, compare_all, reason_of
from pytest_query_snapshot.sql.facts.fact import Fact
from pytest_query_snapshot.sql.word_tree import Group, Node, is_word, split_at, text

_REPLACES = "REPLACE deletes the rows that are in its way"
_WRITES = "rows that were left alone are written over"
_MORE_CONFLICTS = "more rows count as a conflict"


@dataclass(frozen=True, slots=True)
class _Upsert:
    """The parts of ON CONFLICT."""

    target: frozenset[str] | None
    """The columns, or None where every unique constraint counts."""
    target_where: tuple[Node, ...]
    writes: bool
    where: tuple[Node, ...]
    assignments: dict[str, str]
    """The columns that are written, with their values."""


def upsert_reason(old: Fact, new: Fact) -> str:
    """Return why more rows may be written over; empty if they are not."""
    if new.key == ("or",):  # INSERT OR ..
        return _REPLACES if "replace" in new.text else ""
    before, after = _read(old.nodes), _read(new.nodes)
    if after.writes and not before.writes:
        return _WRITES
    if _is_wider(before, after):
        return _MORE_CONFLICTS
    if not after.writes:
        return ""
    if _are_exchanged(before.assignments, after.assignments):
        return OTHER_COLUMNS
    return reason_of(_weaker(before.where, after.where))


def _is_wider(old: _Upsert, new: _Upsert) -> bool:
    if old.target is None:
        return False
    if new.target is None or not new.target >= old.target:
        return True
    return _weaker(old.target_where, new.target_where) > Strictness.OTHER


def _weaker(old: tuple[Node, ...], new: tuple[Node, ...]) -> Strictness:
    return compare_all([old] if old else [], [new] if new else [])


def _read(nodes: tuple[Node, ...]) -> _Upsert:
    do = next((i for i, node in enumerate(nodes) if is_word(node, "do")), 0)
    head, action = nodes[:do], nodes[do:]
    target: frozenset[str] | None = None
    group = next((node for node in head if isinstance(node, Group)), None)
    if group is not None:
        target = frozenset(text(column) for column in split_at(group.children, ","))
    elif any(is_word(node, "constraint") for node in head):
        target = frozenset({text(head)})
    writes = not is_word(action[1] if len(action) > 1 else None, "nothing")
    return _Upsert(target, _after_where(head), writes, _after_where(action), _assignments(action))


def _assignments(action: tuple[Node, ...]) -> dict[str, str]:
    start = next((i + 1 for i, node in enumerate(action) if is_word(node, "set")), len(action))
    end = next((i for i in range(start, len(action)) if is_word(action[i], "where")), len(action))
    pairs = (text(item).partition(" = ") for item in split_at(action[start:end], ","))
    return {column: value for column, _, value in pairs}


def _are_exchanged(old: dict[str, str], new: dict[str, str]) -> bool:
    """Return whether the same values go into other columns of the same ones."""
    return old != new and old.keys() == new.keys() and sorted(old.values()) == sorted(new.values())


def _after_where(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    start = next((i for i, node in enumerate(nodes) if is_word(node, "where")), len(nodes))
    return nodes[start + 1 :]
