"""State of a subclass of a plain type beside the value of that type: a golden would not show it."""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pytest_query_snapshot.errors import UnprintableValueError

_CONTAINERS = (dict, list, tuple, set, frozenset)
_SCALARS = (
    str,
    int,
    float,
    complex,
    bytes,
    Decimal,
    Fraction,
    dt.date,
    dt.time,
    dt.timedelta,
    uuid.UUID,
    enum.Enum,
)
# whose slots are shown, or are the workings of a name or a collection
_KNOWN = frozenset({"builtins", "collections", "datetime", "decimal", "fractions", "sqlalchemy", "uuid"})


def refuse_own_state(value: Any) -> None:
    """Refuse a value with attributes of its own. Raises UnprintableValueError.

    Those of a number, a text or a time belong to the value, such as the months of an interval. Those of a
    container are its workings, such as the owner that a list notifies, unless they are public plain values.
    """
    hidden = next(_own_state(value), None)
    if hidden is not None:
        raise UnprintableValueError(
            value=value,
            instead=f"its {hidden} would not be shown; hand over a dict with both, or the plain value",
        )


def _own_state(value: Any) -> Iterator[str]:
    is_container = isinstance(value, _CONTAINERS) and type(value).__module__ != "http.cookies"
    for name, found in _attributes(value):
        is_item = isinstance(value, dict) and dict.get(value, name) is found
        is_working = is_container and (name.startswith("_") or not isinstance(found, _SCALARS))
        if not is_item and not is_working:
            yield name
    yield from _hidden_fields(value)


def _attributes(value: Any) -> Iterator[tuple[str, Any]]:
    found: Any = getattr(value, "__dict__", None) or {}
    yield from ((str(name), attribute) for name, attribute in found.items())
    for cls in type(value).__mro__:
        if cls.__module__.partition(".")[0] not in _KNOWN:
            yield from ((name, found) for name in _slots(cls) if (found := getattr(value, name, None)) is not None)


def _slots(cls: type) -> tuple[str, ...]:
    names = cls.__dict__.get("__slots__", ())
    return tuple(name for name in ((names,) if isinstance(names, str) else names) if not name.startswith("__"))


def _hidden_fields(value: Any) -> Iterator[str]:
    """Yield the fields of a structure of the operating system that are beyond its places as a tuple."""
    cls: Any = type(value)
    if getattr(cls, "n_fields", 0) > getattr(cls, "n_sequence_fields", 0):
        shown = frozenset(cls.__match_args__)
        for name, member in vars(cls).items():
            is_field = type(member).__name__ == "member_descriptor" and name not in shown
            if is_field and getattr(value, name) is not None:
                yield name
