"""Values of subclasses of plain types as the plain type stores them: a subclass may read otherwise than it holds.

A dictionary of several values per key, for one, iterates over the first of each; a float may format itself.
"""

from __future__ import annotations

import datetime as dt
import enum
import uuid
from collections import OrderedDict
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.engine import Row
from sqlalchemy.util import symbol

from pytest_query_snapshot.values.own_state import refuse_own_state

# In the order in which a value is looked up. Dates and times are read by the methods of their plain types.
_SCALARS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (int, int.__pos__),
    (float, float.__pos__),
    (Decimal, Decimal),
    (str, str.__str__),
    (bytes, lambda value: memoryview(value).tobytes()),
    (bytearray, lambda value: memoryview(value).tobytes()),
    (dt.timedelta, dt.timedelta.__pos__),
)
_CONTAINERS: tuple[tuple[type, Callable[[Any], Any]], ...] = (
    (OrderedDict, lambda value: value),  # its order is not that of the dictionary below it
    (dict, lambda value: dict(dict.items(value))),
    (list, lambda value: list.__getitem__(value, slice(None))),
    (tuple, lambda value: tuple.__getitem__(value, slice(None))),
    (set, lambda value: set(set.__iter__(value))),
    (frozenset, lambda value: frozenset(frozenset.__iter__(value))),
)
_STATEFUL = (*(kind for kind, _ in _SCALARS), dt.date, dt.time, uuid.UUID, complex, Fraction)
_PLAIN = frozenset({type(None), bool, Row, symbol, *_STATEFUL, dt.datetime, *(kind for kind, _ in _CONTAINERS)})


def stored_scalar(value: Any, *, whole: bool = True) -> Any:
    """Return a number, a text or an interval of a subclass as one of the plain type; other values as they are.

    whole: refuse one with a state of its own beside that value. Raises UnprintableValueError.
    """
    if type(value) in _PLAIN or isinstance(value, enum.Enum):
        return value
    if whole and isinstance(value, _STATEFUL):
        refuse_own_state(value)
    return next((read(value) for kind, read in _SCALARS if isinstance(value, kind)), value)


def stored_container(value: Any, *, whole: bool = True) -> Any:
    """Return a container of a subclass as one of the plain type; named tuples and other values as they are.

    whole: see `stored_scalar`.
    """
    if type(value) in _PLAIN or isinstance(value, enum.Enum) or hasattr(value, "_fields"):
        return value
    read = next((read for kind, read in _CONTAINERS if isinstance(value, kind)), None)
    if read is None:
        return value
    if whole:
        refuse_own_state(value)
    return read(value)


def all_stored(values: list[Any]) -> list[Any]:
    """Return a list with its containers as those of plain types."""
    return values if _PLAIN.issuperset(map(type, values)) else list(map(stored_container, values))
