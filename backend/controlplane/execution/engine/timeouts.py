"""Calls with a timeout. Python can't stop a thread, so one that takes longer is abandoned.

What it returns is dropped. How many were left behind and still run is counted, and bounded: a worker whose
actions hang refuses steps instead of filling up with threads.
"""

from __future__ import annotations

import contextvars
import logging
import threading
from typing import TYPE_CHECKING, Any

from controlplane import actions
from controlplane.errors import AbandonedStepsError, StepTimeoutError

if TYPE_CHECKING:
    from collections.abc import Callable

log = logging.getLogger(__name__)


class TimeoutThreads:
    """The threads of one worker's steps that have a timeout."""

    def __init__(self, *, limit: int = 32) -> None:
        self.limit = limit
        self._abandoned: list[threading.Thread] = []
        self._lock = threading.Lock()

    @property
    def abandoned(self) -> int:
        """Return the number of abandoned threads that still run."""
        with self._lock:
            self._abandoned = [thread for thread in self._abandoned if thread.is_alive()]
            return len(self._abandoned)

    def call(self, call: Callable[[], Any], *, seconds: float, name: str) -> Any:
        """Return what `call` gives within so many seconds; it sees its deadline as `actions.deadline()`.

        Raises:
            AbandonedStepsError: as many as are allowed were left behind and still run; `call` was not called.
            StepTimeoutError: it took longer, and is left behind.
        """
        count = self.abandoned
        if count >= self.limit:
            raise AbandonedStepsError(count=count)
        box: dict[str, Any] = {}
        context = contextvars.copy_context()
        deadline = actions.Deadline(seconds)

        def work() -> None:
            try:
                with actions.until(deadline):
                    box["value"] = call()
            except BaseException as error:  # noqa: BLE001  it is raised again where the caller waits
                box["error"] = error

        thread = threading.Thread(target=context.run, args=(work,), name=f"controlplane-step {name}", daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            with self._lock:
                self._abandoned.append(thread)
            log.warning(
                "step %s took longer than %g s; its thread is abandoned and its result will be dropped",
                name,
                seconds,
            )
            raise StepTimeoutError(seconds=seconds)
        if "error" in box:
            raise box["error"]
        return box["value"]
