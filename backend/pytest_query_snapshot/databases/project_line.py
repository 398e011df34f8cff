"""The line of the user's code that made the current call."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

_PLUGIN = str(Path(__file__).parent.parent) + os.sep
_LIBRARIES = (
    *("/sqlalchemy/", "/psycopg/", "/psycopg_pool/", "/sqlite3/", "/asyncio/", "/greenlet/", "/concurrent/"),
    *("/contextlib.py", "/threading.py"),
)


@cache
def _is_library(filename: str) -> bool:
    if filename.startswith((_PLUGIN, "<")):
        return True
    path = filename.replace(os.sep, "/")
    return _under_python(filename) and any(name in path for name in _LIBRARIES)


def _under_python(filename: str) -> bool:
    return "site-packages" in filename or filename.startswith((sys.base_prefix, sys.prefix))


def user_line() -> str:
    """Say `file:line` of the innermost frame that is neither the plugin's, nor SQLAlchemy's, nor a driver's."""
    return next(_user_lines(sys._getframe(1)), "<unknown>")  # noqa: SLF001  the only way to walk frames cheaply


def user_lines() -> tuple[str, ...]:
    """Say `file:line` of every frame of the user's code, the innermost first, as far as the test itself."""
    found: list[str] = []
    for line in _user_lines(sys._getframe(1)):  # noqa: SLF001  see above
        if any(name in line for name in _RUNNERS):
            break
        found.append(line)
    return tuple(found) or ("<unknown>",)


_RUNNERS = ("/_pytest/", "/pluggy/", "/pytest_asyncio/", "/anyio/")


def _user_lines(frame: FrameType | None) -> Iterator[str]:
    current: Any = None
    while True:
        while frame is not None:
            if not _is_library(frame.f_code.co_filename):
                yield f"{_shorten(frame.f_code.co_filename)}:{frame.f_lineno}"
            frame = frame.f_back
        # under an async session this stack ends where its greenlet begins; the caller is on the parent's
        current = _current_greenlet() if current is None else current
        current = getattr(current, "parent", None)
        if current is None:
            return
        frame = current.gr_frame


def _current_greenlet() -> Any:
    module = sys.modules.get("greenlet")
    return None if module is None else module.getcurrent()


@cache
def _shorten(filename: str) -> str:
    try:
        relative = os.path.relpath(filename)
    except ValueError:  # another drive
        return filename
    return filename if relative.startswith("..") else relative
