"""One key from a terminal, without Enter; otherwise a line."""

from __future__ import annotations

import os
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
        handle = stream.fileno()
        before = termios.tcgetattr(handle)
        try:
            # before the prompt and without a flush: a key that is typed early counts
            tty.setcbreak(handle, termios.TCSADRAIN)
            sys.stdout.write(prompt)
            sys.stdout.flush()
            key = os.read(handle, 1).decode("utf-8", "replace")
        finally:
            termios.tcsetattr(handle, termios.TCSADRAIN, before)
        if key == _CONTROL_C:
            raise KeyboardInterrupt
        if key in {"", _CONTROL_D}:
            raise EOFError
        sys.stdout.write(f"{key}\n")
        return key

    return read
