"""A block of a test whose changes to the databases get a name, in sync and in async code."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.util import greenlet_spawn

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from types import TracebackType


class Step:
    """A context manager; in async code also an async one, which can use the connections of async engines."""

    def __init__(self, block: AbstractContextManager[None]) -> None:
        self._block = block

    def __enter__(self) -> None:
        __tracebackhide__ = True
        self._block.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        self._block.__exit__(kind, error, traceback)

    async def __aenter__(self) -> None:
        __tracebackhide__ = True
        await greenlet_spawn(self._block.__enter__)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        __tracebackhide__ = True
        await greenlet_spawn(self._block.__exit__, kind, error, traceback)
