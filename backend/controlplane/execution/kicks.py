"""Kicks: hints, kept with the session until its transaction ends, that an execution is due.

What is owed is in the execution's `wake_at`; a kick that is lost or delivered twice changes nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import uuid
    from datetime import datetime

    from sqlalchemy.orm import Session

_KEY = "controlplane.kicks"


def kick(session: Session, execution_id: uuid.UUID, *, at: datetime | None = None) -> None:
    """Note that somebody should look at an execution, now or at a time."""
    session.info.setdefault(_KEY, {})[execution_id, at] = None


def take_kicks(session: Session) -> list[tuple[uuid.UUID, datetime | None]]:
    """Take the kicks out of the session, each once, in the order in which they came."""
    return list(session.info.pop(_KEY, {}))
