"""One record by a query that selects at most one."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from controlplane.errors import NotFoundError

if TYPE_CHECKING:
    from sqlalchemy import Select
    from sqlalchemy.orm import Session

R = TypeVar("R")


def get_one(session: Session, query: Select[R], *, record: str, id: object, fresh: bool = False) -> R:  # noqa: A002  the fact of the error
    """Return the one record that a query selects, or raise NotFoundError.

    `fresh` reads it as the database has it now; else the session's own object stays as it is.
    """
    found: R | None = session.scalars(query, execution_options={"populate_existing": fresh}).one_or_none()
    if found is None:
        raise NotFoundError(record=record, id=id)
    return found
