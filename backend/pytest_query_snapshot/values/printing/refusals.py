"""Values that can't be shown, each with what to hand over instead."""

from __future__ import annotations

import inspect
from collections import UserString
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Query, Session

from pytest_query_snapshot.errors import UnprintableValueError

_DEFAULT = "hand over its fields as a dict or a dataclass, or implement the hook pytest_query_snapshot_render"


def refuse(value: Any) -> UnprintableValueError:
    """Build the error for a value that has no text."""
    return UnprintableValueError(value=value, instead=_instead(value))


def _instead(value: Any) -> str:
    if isinstance(value, type) or inspect.isroutine(value) or inspect.ismodule(value):
        return "hand over what it returns, or a text"
    return next((hint for recognize, hint in _HINTS if recognize(value)), _DEFAULT)


_HINTS: tuple[tuple[Any, str], ...] = (
    (inspect.isawaitable, "await it first"),
    (lambda value: hasattr(value, "__aiter__"), "read it into a list: [row async for row in ..]"),
    (lambda value: isinstance(value, Iterator), "it can be read only once; hand over list(..) of it"),
    (lambda value: isinstance(value, Query), "hand over its .all()"),
    (lambda value: isinstance(value, Session), "compare its changes: session == golden.changes"),
    (
        lambda value: isinstance(value, (sa.sql.ClauseElement, sa.Executable)),
        "execute it and hand over the result, or compare its text: statement == golden.sql",
    ),
    (lambda value: hasattr(value, "collect") and hasattr(value, "lazy"), "hand over its .collect()"),
    (lambda value: isinstance(value, BaseException), "hand over str(..) of it"),
    (lambda value: isinstance(value, (PurePath, UserString)), "hand over str(..) of it"),
)
