"""Keep the HTTP library from logging requests with secrets: at DEBUG it writes every header of an answer."""

from __future__ import annotations

import logging
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING

import httpcore2  # noqa: F401  it makes the loggers

if TYPE_CHECKING:
    from collections.abc import Iterator

LIBRARIES = ("httpcore2", "httpx2")
_is_secret: ContextVar[bool] = ContextVar("controlplane_request_is_secret", default=False)


@contextmanager
def unlogged(*, is_secret: bool) -> Iterator[None]:
    """Drop what the library logs in this context, if the request is secret; other threads log as before."""
    token = _is_secret.set(is_secret)
    try:
        yield
    finally:
        _is_secret.reset(token)


def _is_loggable(_record: logging.LogRecord) -> bool:
    return not _is_secret.get()


def _install() -> None:
    """Add the filter to each logger of the library: a logger's filter does not see records of those below it."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in LIBRARIES:
            logging.getLogger(name).addFilter(_is_loggable)


_install()
