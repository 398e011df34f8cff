"""Containers and records on one line, at any depth.

Written with a stack of its own: JSON may be nested deeper than Python calls functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from pytest_query_snapshot.errors import UnprintableValueError
from pytest_query_snapshot.values.printing.escaping import escape
from pytest_query_snapshot.values.records import Record


class _Leave:
    """The end of a container that is being written."""

    __slots__ = ("identity",)

    def __init__(self, identity: int) -> None:
        self.identity = identity


def nested_text(value: object, *, leaf: Callable[[Any], str], open_up: Callable[[Any], Any]) -> str:
    """Write a value; `open_up` returns the container or record that it is, or None for a leaf.

    Raises UnprintableValueError for a container that contains itself.
    """
    written: list[str] = []
    stack: list[tuple[bool, Any]] = [(True, value)]
    open_now: set[int] = set()
    while stack:
        is_value, item = stack.pop()
        if isinstance(item, _Leave) and not is_value:
            open_now.discard(item.identity)
        elif not is_value:
            written.append(item)
        elif (opened := open_up(item)) is None:
            written.append(leaf(item))
        else:
            if id(item) in open_now:
                raise UnprintableValueError(value=item, instead="it contains itself; hand over a finite value")
            open_now.add(id(item))
            stack.append((False, _Leave(id(item))))
            stack.extend(reversed(_parts(opened, leaf=leaf, open_up=open_up)))
    return "".join(written)


def _parts(opened: Any, *, leaf: Callable[[Any], str], open_up: Callable[[Any], Any]) -> list[tuple[bool, Any]]:
    """Split a container into its texts and its values, in order."""
    if isinstance(opened, Record):
        fields = [[(False, f"{escape(name)}="), (True, item)] for name, item in opened.fields]
        return _joined(f"{opened.name}(", fields, ")")
    if isinstance(opened, Mapping):
        keyed = [(nested_text(key, leaf=leaf, open_up=open_up), key, item) for key, item in opened.items()]
        keyed.sort(key=lambda entry: entry[1] if type(entry[1]) is str else entry[0])
        return _joined("{", [[(False, f"{text}: "), (True, item)] for text, _, item in keyed], "}")
    if isinstance(opened, AbstractSet):
        members = sorted(nested_text(item, leaf=leaf, open_up=open_up) for item in opened)
        return [(False, "{" + ", ".join(members) + "}" if members else "set()")]
    items = [[(True, item)] for item in opened]
    if isinstance(opened, tuple):
        return _joined("(", items, ",)" if len(items) == 1 else ")")
    return _joined("[", items, "]")


def _joined(opening: str, items: list[list[tuple[bool, Any]]], closing: str) -> list[tuple[bool, Any]]:
    parts: list[tuple[bool, Any]] = [(False, opening)]
    for at, item in enumerate(items):
        if at:
            parts.append((False, ", "))
        parts.extend(item)
    parts.append((False, closing))
    return parts
