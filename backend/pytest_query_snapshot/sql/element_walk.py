"""A walk over a SQLAlchemy statement that visits each element once."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.sql.visitors import ExternallyTraversible


def elements_of(statement: ExternallyTraversible) -> Iterator[ExternallyTraversible]:
    """Yield a statement and every element below it, outer ones first, each once however often it is mentioned.

    `sqlalchemy.sql.visitors.iterate` visits a CTE once per mention: a chain of CTEs that each name the one before
    twice takes it 2 ** n visits.
    """
    seen: dict[int, ExternallyTraversible] = {}  # holds the elements: an id is only unique among the living
    waiting = deque([statement])
    while waiting:
        element = waiting.popleft()
        if id(element) in seen:
            continue
        seen[id(element)] = element
        yield element
        waiting.extend(element.get_children())
