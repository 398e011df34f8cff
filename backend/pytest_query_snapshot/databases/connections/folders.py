"""A temporary folder that is gone after the run, also after a kill."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108  a file system in memory; the folder in it is private
# it waits until the pipe closes, which the end of this process does, however it ends
_SCRIPT = 'trap "" INT HUP TERM; read -r _; rm -rf -- "$0"'


class PrivateFolder:
    """A folder in memory where the system has it, else below the temporary folder."""

    def __init__(self, prefix: str) -> None:
        parent = _MEMORY if os.access(_MEMORY, os.W_OK | os.X_OK) else Path(tempfile.gettempdir())
        self.path = parent / f"{prefix}{secrets.token_hex(8)}"
        self._remover = start_remover(self.path)  # before the folder is there: a kill in between leaves nothing
        self.path.mkdir(mode=0o700)

    def remove(self) -> None:
        """Remove the folder and everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._remover is not None:
            if self._remover.stdin is not None:
                self._remover.stdin.close()
            self._remover.wait()
            self._remover = None


def start_remover(folder: Path) -> subprocess.Popen[bytes] | None:
    """Start a process that removes the folder when this one is gone."""
    if os.name != "posix":
        return None
    return subprocess.Popen(  # noqa: S603  no part of it comes from outside
        ["/bin/sh", "-c", _SCRIPT, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,  # an interrupt in the terminal is not for it
    )
