"""Definitions of WINDOW, written in the place of their names: what a window is called has no effect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeAlias

from pytest_query_snapshot.sql.word_tree import Group, Node, Token, is_word, split_at

Windows: TypeAlias = Mapping[str, Group]


def named_windows(nodes: tuple[Node, ...]) -> Windows:
    """Read ``a AS (..), b AS (a ORDER BY ..)``; a window may begin with one that stands before it."""
    found: dict[str, Group] = {}
    for item in split_at(nodes, ","):
        name, *_, group = (*item, None)[:3] if len(item) == 3 else (None, None)  # noqa: PLR2004  name, AS, group
        if isinstance(name, Token) and isinstance(group, Group):
            found[name.text] = _extended(group, found, [])
    return found


def with_windows(nodes: tuple[Node, ...], windows: Windows) -> tuple[tuple[Node, ...], tuple[Node, ...]]:
    """Write the definition of each named window behind its OVER; return the names it replaced, too."""
    used: list[Node] = []
    return _written(nodes, windows, used), tuple(used)


def _written(nodes: tuple[Node, ...], windows: Windows, used: list[Node]) -> tuple[Node, ...]:
    written: list[Node] = []
    for position, node in enumerate(nodes):
        behind = position > 0 and is_word(nodes[position - 1], "over")
        if isinstance(node, Group):
            inner = _extended(node, windows, used) if behind else node
            written.append(replace(inner, children=_written(inner.children, windows, used)))
        elif behind and node.text in windows:
            used.append(node)
            written.append(windows[node.text])
        else:
            written.append(node)
    return tuple(written)


def _extended(group: Group, windows: Windows, used: list[Node]) -> Group:
    first = group.children[0] if group.children else None
    base = windows.get(first.text) if isinstance(first, Token) else None
    if base is None or first is None:
        return group
    used.append(first)
    return replace(group, children=(*base.children, *group.children[1:]))
