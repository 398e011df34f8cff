"""Connections that a test took from a pool and that nothing closed."""

from __future__ import annotations

import sys
import weakref
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import Pool

from pytest_query_snapshot.budgets.series import Finding
from pytest_query_snapshot.databases.project_line import project_line

_SQLALCHEMY = str(Path(sa.__file__).parent)
_OWN = str(Path(__file__).parent.parent)
_WHY = "a connection is {how}; close it, or use it in `with engine.connect()`, `with Session(engine)`"


class OpenConnections:
    """Watches the pools of the process, between ``open`` and ``close``."""

    def __init__(self) -> None:
        self._taken: dict[Any, list[str]] = {}
        self._collected: list[str] = []

    def open(self) -> None:
        """Begin to watch."""
        event.listen(Pool, "checkout", self._checkout)
        event.listen(Pool, "checkin", self._checkin)

    def stop_taking(self) -> None:
        """Leave connections alone that are taken from here on."""
        event.remove(Pool, "checkout", self._checkout)

    def close(self) -> None:
        """End watching."""
        event.remove(Pool, "checkin", self._checkin)

    def _checkout(self, _driver: Any, record: Any, _proxy: Any) -> None:
        if not _is_own(sys._getframe(1)):  # noqa: SLF001  inspect.stack() costs a thousand times as much
            self._taken.setdefault(record, []).append(project_line())

    def _checkin(self, _driver: Any, record: Any) -> None:
        lines = self._taken.get(record)
        line = lines.pop() if lines else None
        if line is not None and _is_collected(sys._getframe(1)):  # noqa: SLF001  see above
            self._collected.append(line)

    def findings(self) -> Iterator[Finding]:
        """Yield a finding for each line that left a connection open."""
        left = "left open when the test ends"
        collected = "never closed: the garbage collector returned it to its pool"
        still = [line for lines in self._taken.values() for line in lines]
        for how, lines in ((left, still), (collected, self._collected)):
            for line in dict.fromkeys(lines):
                yield Finding("open-connections", "", _WHY.format(how=how), line, "")


def _is_own(frame: Any) -> bool:
    """Return whether the plugin itself asked for the connection."""
    while frame is not None and frame.f_code.co_filename.startswith((_SQLALCHEMY, "<")):
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename.startswith(_OWN)


def _is_collected(frame: Any) -> bool:
    """Return whether a pool got a connection back because its last reference went.

    SQLAlchemy passes no listener this fact: the call comes from a weak reference, in Python or in the interpreter.
    """
    while frame is not None and frame.f_code.co_filename.startswith(_SQLALCHEMY):
        if frame.f_locals.get("ref") is not None and frame.f_code.co_name == "_finalize_fairy":
            return True
        frame = frame.f_back
    return frame is not None and frame.f_code.co_filename == weakref.__file__
