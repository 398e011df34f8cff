"""Windows of time that may be open at either end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from controlplane.validation import window

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

Q = TypeVar("Q", bound="Select[Any]")


def within(query: Q, column: Any, *, since: datetime | None, until: datetime | None) -> Q:
    """Narrow `query` to rows whose `column` lies in [since, until); None leaves that end open.

    Raises:
        InvalidValueError: `until` is before `since`.
    """
    if since is not None and until is not None:
        since, until = window(since, until)
    if since is not None:
        query = query.where(column >= since)
    if until is not None:
        query = query.where(column < until)
    return query
