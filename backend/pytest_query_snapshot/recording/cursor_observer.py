"""The observer of the raw cursors of the plugin's own databases."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.databases.project_line import OWN_FOLDER, SQLALCHEMY_FOLDER

if TYPE_CHECKING:
    from collections.abc import Sequence

    import sqlalchemy as sa

    from pytest_query_snapshot.databases.savepoint.contained_cursor import Execution
    from pytest_query_snapshot.recording.recorder import Recorder


class CursorObserver:
    """Hears the raw cursors of one of the plugin's own databases."""

    def __init__(self, recorder: Recorder, origin: sa.Engine) -> None:
        self._recorder = recorder
        self._origin = origin

    def before(self, statement: str) -> None:
        """Hear what is about to be executed."""
        self._recorder.raw_before(statement, origin=self._origin)

    def after(self, execution: Execution) -> None:
        """Take in what was executed, unless SQLAlchemy did, which reports by itself."""
        if _is_called_by_sqlalchemy(sys._getframe(1)):  # noqa: SLF001  inspect.stack() costs a thousand times as much
            return
        sets: Sequence[Any] = ()
        if execution.parameters:
            sets = execution.parameters if execution.method == "executemany" else (execution.parameters,)
        self._recorder.raw_after(
            execution.statement, sets, execution.rowcount, origin=self._origin, error=execution.error
        )


def _is_called_by_sqlalchemy(frame: Any) -> bool:
    while frame is not None and frame.f_code.co_filename.startswith(OWN_FOLDER):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(SQLALCHEMY_FOLDER)
