"""The line of the project's code that made the current call: no library's, no driver's, and not the plugin's.

Recordings, budgets and refusals name lines by this one rule.
"""

from __future__ import annotations

import os
import site
import sys
import sysconfig
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import sqlalchemy as sa

OWN_FOLDER = str(Path(__file__).parent.parent)
SQLALCHEMY_FOLDER = str(Path(sa.__file__).parent)


def _library_folders() -> Iterator[str]:
    """Yield the folders of installed code; an environment may be laid over another one that has SQLAlchemy."""
    for name in ("stdlib", "platstdlib", "purelib", "platlib"):
        yield sysconfig.get_path(name)
    yield from site.getsitepackages()
    yield str(Path(sa.__file__).parent.parent)
    if site.ENABLE_USER_SITE:
        yield site.getusersitepackages()


# an environment may be laid over others, whose folders only their names tell
_INSTALLED = tuple(f"{os.sep}{name}-packages{os.sep}" for name in ("site", "dist"))
_NOT_PROJECT = tuple({OWN_FOLDER + os.sep, "<", *(folder + os.sep for folder in _library_folders())})
_RUNNERS = tuple(f"{os.sep}{name}{os.sep}" for name in ("_pytest", "pluggy", "pytest_asyncio", "anyio"))


@cache
def is_project(filename: str) -> bool:
    """Return whether a file is code of the project."""
    return not filename.startswith(_NOT_PROJECT) and not any(name in filename for name in _INSTALLED)


def _innermost(frame: FrameType | None) -> FrameType | None:
    while frame is not None and not is_project(frame.f_code.co_filename):
        frame = frame.f_back
    return frame


def _outer_stacks() -> Iterator[FrameType | None]:
    """Yield the stacks of the parents of this greenlet: under an async session, the caller is on one of them."""
    greenlet = sys.modules.get("greenlet")
    current: Any = None if greenlet is None else greenlet.getcurrent().parent
    while current is not None:
        yield current.gr_frame
        current = current.parent


def project_frame(frame: FrameType) -> FrameType | None:
    """Return the innermost frame of the project, from a frame outwards; None if there are libraries alone."""
    found = _innermost(frame)
    if found is not None:
        return found
    return next(filter(None, map(_innermost, _outer_stacks())), None)


def project_line() -> str:
    """Return `file:line` of the code of the project that made the current call."""
    frame = project_frame(sys._getframe(1))  # noqa: SLF001  the only way to walk frames cheaply
    return "<unknown>" if frame is None else _line_of(frame)


def project_lines() -> tuple[str, ...]:
    """Return `file:line` of each frame of the project's code, the innermost first, as far as the test itself."""
    found: list[str] = []
    for stack in (sys._getframe(1), *_outer_stacks()):  # noqa: SLF001  see above
        frame = stack
        while frame is not None:
            filename = frame.f_code.co_filename
            if any(name in filename for name in _RUNNERS):
                return tuple(found) or ("<unknown>",)
            if is_project(filename):
                found.append(_line_of(frame))
            frame = frame.f_back
    return tuple(found) or ("<unknown>",)


def _line_of(frame: FrameType) -> str:
    return f"{_shorten(frame.f_code.co_filename)}:{frame.f_lineno}"


@cache
def _shorten(filename: str) -> str:
    try:
        relative = os.path.relpath(filename)
    except ValueError:  # another drive
        return filename
    return filename if relative.startswith("..") else relative
