"""Runs executions in the caller's session and thread: for tests, and for seeing a run to its end at once."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from controlplane import clock
from controlplane.execution.engine.config import Engine
from controlplane.notifications import kick, take_kicks
from controlplane.runtime.driver import drive

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    from sqlalchemy.orm import Session


class InlineRuntime:
    """Drives everything that the session was kicked for, and what that kicks in turn, until nothing is due."""

    def __init__(self, session: Session, *, engine: Engine | None = None) -> None:
        self.session = session
        self.engine = engine or Engine()

    def run(self, *execution_ids: uuid.UUID) -> None:
        """Look at these executions and deliver every kick that is due; one for later is kept for the next call."""
        for execution_id in execution_ids:
            kick(self.session, execution_id)
        later = []
        while kicks := take_kicks(self.session):
            now = clock.now()
            for execution_id, at in kicks:
                if at is not None and at > now:
                    later.append((execution_id, at))
                else:
                    drive(self._transaction, execution_id=execution_id, engine=self.engine)
        for execution_id, at in later:
            kick(self.session, execution_id, at=at)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        try:
            yield self.session
        except BaseException:
            self.session.rollback()
            raise
        self.session.commit()
