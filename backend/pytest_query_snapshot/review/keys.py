"""One key from a terminal, without Enter; otherwise a line."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

_CONTROL_C, _CONTROL_D = "\x03", "\x04"


def key_reader(source: TextIO | None = None) -> Callable[[str], str]:
    """Return a function that shows a prompt and returns what was typed.

    The function raises KeyboardInterrupt and EOFError as ``input`` does.
    """
    stream = sys.stdin if source is None else source
    if not stream.isatty():
        return input
    try:
        import termios  # noqa: PLC0415  POSIX only
        import tty  # noqa: PLC0415
    except ImportError:
        return input

    def read(prompt: str) -> str:
        sys.stdout.write(prompt)
        sys.stdout.flush()
        handle = stream.fileno()
        before = termios.tcgetattr(handle)
        try:
            tty.setcbreak(handle)
            key = stream.read(1)
        finally:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)
        if key == _CONTROL_C:
            raise KeyboardInterrupt
        if key in {"", _CONTROL_D}:
            raise EOFError
        sys.stdout.write(f"{key}\n")
        return key

    return read
