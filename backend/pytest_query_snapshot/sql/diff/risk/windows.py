"""Detection of windows that count more rows than before: a partition key less, a wider frame."""

from __future__ import annotations

import math
from dataclasses import dataclass

from pytest_query_snapshot.sql.facts.expressions import Expr, parse_expression
from pytest_query_snapshot.sql.facts.normal_form import form_of
from pytest_query_snapshot.sql.word_tree import NUMBER, Group, Node, Token, is_word, split_at, text

_OTHER_PARTITIONS = "rows of other partitions count, too"
_WIDER_FRAME = "the frame of the window may hold more rows"
_ANOTHER_WINDOW = "the function is computed over another window"


@dataclass(frozen=True, slots=True)
class _Window:
    """The parts of one OVER."""

    name: str
    keys: frozenset[str]
    frame: tuple[Node, ...]


def window_reason(old: Expr, new: Expr) -> str:
    """Return why the windows of the new expression may hold more rows; empty if they don't."""
    before, after = list(_windows(old)), list(_windows(new))
    if len(before) != len(after):
        return _ANOTHER_WINDOW if before and len(before) > len(after) else ""
    return next((why for pair in zip(before, after, strict=True) if (why := _compare(*pair))), "")


def without_window_order(expression: Expr) -> str:
    """Write an expression without the order of its windows; which rows they hold decides its values."""
    if expression.kind == "over":
        window = _window(expression.nodes)
        return f"over {window.name} {sorted(window.keys)} {text(window.frame)}"
    if not expression.parts:
        return text(expression.nodes)
    return f"{expression.kind} {expression.op} ({', '.join(map(without_window_order, expression.parts))})"


def _windows(expression: Expr) -> list[_Window]:
    found: list[_Window] = []
    for part in expression.parts:
        if part.kind == "over":
            found.append(_window(part.nodes))
        found.extend(_windows(part))
    return found


def _window(nodes: tuple[Node, ...]) -> _Window:
    group = nodes[0] if nodes else None
    if not isinstance(group, Group):
        return _Window(text(nodes), frozenset(), ())
    inner = group.children
    frame = next((i for i, node in enumerate(inner) if is_word(node, "rows", "range", "groups")), len(inner))
    order = next((i for i in range(frame) if is_word(inner[i], "order")), frame)
    partition = next((i for i in range(order) if is_word(inner[i], "partition")), order)
    keys = split_at(inner[partition + 2 : order], ",")
    return _Window(
        text(inner[:partition]), frozenset(form_of(parse_expression(key))[0] for key in keys), inner[frame:]
    )


def _compare(old: _Window, new: _Window) -> str:
    if old.name != new.name:
        return _ANOTHER_WINDOW
    if old.keys - new.keys:
        return _OTHER_PARTITIONS
    return "" if _is_within(new.frame, old.frame) else _WIDER_FRAME


def _is_within(new: tuple[Node, ...], old: tuple[Node, ...]) -> bool:
    """Return whether each row's frame is known to lie within the one before."""
    if text(new) == text(old) or not old:
        return True
    one, other = _bounds(old), _bounds(new)
    if one is None or other is None or text(new[:1]) != text(old[:1]):
        return False
    return one[0] <= other[0] and other[1] <= one[1]


def _bounds(frame: tuple[Node, ...]) -> tuple[float, float] | None:
    """Return the begin and the end of a frame, in rows from the current one."""
    rest = frame[1:]
    if is_word(rest[0] if rest else None, "between"):
        begin, *more = split_at(rest[1:], "and")
        ends = [_bound(begin), *(_bound(bound) for bound in more)]
    else:
        ends = [_bound(rest), 0.0]
    begin_at, end_at = ends if len(ends) == 2 else (None, None)  # noqa: PLR2004  a begin and an end
    return None if begin_at is None or end_at is None else (begin_at, end_at)


def _bound(nodes: tuple[Node, ...]) -> float | None:
    words = text(nodes)
    if words == "current row":
        return 0.0
    if len(nodes) != 2 or not isinstance(nodes[0], Token):  # noqa: PLR2004  an amount and a direction
        return None
    sign = -1 if is_word(nodes[1], "preceding") else 1 if is_word(nodes[1], "following") else 0
    if is_word(nodes[0], "unbounded") and sign:
        return sign * math.inf
    return sign * float(nodes[0].text) if nodes[0].kind == NUMBER and nodes[0].text.isdigit() and sign else None
