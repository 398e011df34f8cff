"""Pictures of lifecycles, drawn from what state goldens show: which status became which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from pytest_query_snapshot.goldens.formats.changes import transitions

_STATUS = re.compile(r"(?:.*_)?(?:status|state|stage|phase|level)\Z")
_WORD = re.compile(r"'?([a-z][a-z0-9_]*)'?\Z")

_WIDTH, _HEIGHT, _GAP_X, _GAP_Y, _MARGIN = 132, 30, 76, 26, 14


@dataclass(frozen=True, slots=True)
class Lifecycle:
    """The states that a column was seen in, and which one became which."""

    table: str
    column: str
    initial: tuple[str, ...]
    arrows: tuple[tuple[str, str], ...]


def lifecycles(goldens: Iterable[str]) -> tuple[Lifecycle, ...]:
    """Collect the lifecycles that state goldens show; a column that never changes has none."""
    arrows: dict[tuple[str, str], set[tuple[str, str]]] = {}
    initial: dict[tuple[str, str], set[str]] = {}
    for golden in goldens:
        for table, column, old, new in transitions(golden):
            to = _WORD.match(new)
            if not _STATUS.match(column) or to is None:
                continue
            origin = _WORD.match(old)
            if not old:
                initial.setdefault((table, column), set()).add(to[1])
            elif origin is not None:
                arrows.setdefault((table, column), set()).add((origin[1], to[1]))
    return tuple(
        Lifecycle(table, column, tuple(sorted(initial.get((table, column), ()))), tuple(sorted(found)))
        for (table, column), found in sorted(arrows.items())
    )


def picture(lifecycle: Lifecycle) -> str:
    """Draw a lifecycle as SVG: states from left to right in the order they are reached."""
    places = _places(lifecycle)
    width = max(x for x, _ in places.values()) + _WIDTH + _MARGIN
    height = max(y for _, y in places.values()) + _HEIGHT + _MARGIN + _GAP_Y
    label = f"{lifecycle.table}.{lifecycle.column}"
    arrows = "; ".join(f"{old} to {new}" for old, new in lifecycle.arrows)
    marker = re.sub(r"\W", "-", f"tip-{label}")
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    shape = 'viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    parts = [
        f'<figure class="lifecycle" tabindex="0"><figcaption>{escape(label)}</figcaption>',
        f'<svg role="img" aria-label="{escape(label)}: {escape(arrows)}" {size}>',
        f'<defs><marker id="{marker}" {shape}><path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>',
    ]
    for old, new in lifecycle.arrows:
        parts.append(f'<path d="{_arrow(places[old], places[new])}" marker-end="url(#{marker})"/>')
    for state, (x, y) in places.items():
        first = ' class="first"' if state in lifecycle.initial else ""
        parts.append(f'<rect{first} x="{x}" y="{y}" width="{_WIDTH}" height="{_HEIGHT}" rx="15"/>')
        middle = f'x="{x + _WIDTH // 2}" y="{y + 19}"'
        parts.append(f'<text {middle} text-anchor="middle">{escape(state)}</text>')
    return "".join(parts) + "</svg></figure>"


def _places(lifecycle: Lifecycle) -> dict[str, tuple[int, int]]:
    """Put each state in the column of its distance from the start."""
    ranks = _ranks(lifecycle)
    filled: dict[int, int] = {}
    places: dict[str, tuple[int, int]] = {}
    for state in sorted(ranks, key=lambda name: (ranks[name], name)):
        row = filled.get(ranks[state], 0)
        filled[ranks[state]] = row + 1
        x = _MARGIN + ranks[state] * (_WIDTH + _GAP_X)
        places[state] = (x, _MARGIN + _GAP_Y + row * (_HEIGHT + _GAP_Y))
    return places


def _ranks(lifecycle: Lifecycle) -> dict[str, int]:
    targets = {new for _, new in lifecycle.arrows}
    states = {state for arrow in lifecycle.arrows for state in arrow}
    used = [state for state in lifecycle.initial if state in states]
    # a seed may insert rows in any state: those that nothing leads to are where it all begins
    starts = [state for state in used if state not in targets] or used[:1] or sorted(states - targets)
    starts = starts or sorted(states)[:1]
    ranks = dict.fromkeys(starts, 0)
    pending = list(starts)
    while pending:
        state = pending.pop(0)
        for old, new in lifecycle.arrows:
            if old == state and new not in ranks:
                ranks[new] = ranks[state] + 1
                pending.append(new)
    unreached = sorted(states - set(ranks))
    return ranks | dict.fromkeys(unreached, 0)


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    """Curve from one state to another: forward from side to side, backward and within a column around them."""
    (x1, y1), (x2, y2) = start, end
    if start == end:
        x, y = x1 + _WIDTH // 2, y1
        return f"M{x - 14} {y}C{x - 20} {y - 24} {x + 20} {y - 24} {x + 14} {y}"
    if x2 > x1:
        a, b, c, d = x1 + _WIDTH, y1 + _HEIGHT // 2, x2, y2 + _HEIGHT // 2
        bend = _GAP_X // 2
        return f"M{a} {b}C{a + bend} {b} {c - bend} {d} {c} {d}"
    if x2 == x1:
        down = y2 > y1
        x = x1 + _WIDTH // 2 + (10 if down else -10)
        return f"M{x} {y1 + (_HEIGHT if down else 0)}L{x} {y2 + (0 if down else _HEIGHT)}"
    a, b, c, d = x1 + _WIDTH // 2 - 20, y1 + _HEIGHT, x2 + _WIDTH // 2 + 20, y2 + _HEIGHT
    low = max(b, d) + _GAP_Y - 4
    return f"M{a} {b}C{a} {low} {c} {low} {c} {d}"
