"""Run executions in the caller's session and thread: for tests, and for short executions."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from controlplane import clock
from controlplane.execution.engine.config import EngineConfig
from controlplane.execution.queries import select_due_executions
from controlplane.runtime.driver import drive

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy.orm import Session

BATCH = 100


class InlineRuntime:
    """Drive every execution that is due in the session's database, and what becomes due by that."""

    def __init__(self, session: Session, *, engine: EngineConfig | None = None) -> None:
        self.session = session
        self.engine = engine or EngineConfig()

    def run(self, *execution_ids: uuid.UUID) -> None:
        """Drive these executions, then all that are due; commit each step. One that is due later is left."""
        for execution_id in execution_ids:
            self._drive(execution_id)
        driven: dict[uuid.UUID, datetime] = {}
        while due := [row for row in self._due() if driven.get(row[0]) != row[1]]:
            for execution_id, since in due:
                driven[execution_id] = since
                self._drive(execution_id)

    def _due(self) -> list[tuple[uuid.UUID, datetime]]:
        query = select_due_executions(now=clock.now(), limit=BATCH)
        return [(row.id, row.wake_at) for row in self.session.execute(query)]

    def _drive(self, execution_id: uuid.UUID) -> None:
        drive(self._transaction, execution_id=execution_id, engine=self.engine)

    @contextmanager
    def _transaction(self) -> Iterator[Session]:
        try:
            yield self.session
        except BaseException:
            self.session.rollback()
            raise
        self.session.commit()
