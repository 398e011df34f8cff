"""The objects of a kind that live in the process, for what SQLAlchemy keeps no list of."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TypeVar

_Kind = TypeVar("_Kind")


def objects_of(kind: type[_Kind], *attributes: str) -> Iterator[_Kind]:
    """Yield every object of a kind that has the attributes.

    One whose construction failed lives on without attributes as long as something keeps the traceback: a
    connection that the database refused, for one.
    """
    for found in gc.get_objects():
        # type(), as isinstance() asks proxies for their class, which may import or connect
        if issubclass(type(found), kind) and all(hasattr(found, name) for name in attributes):
            yield found
