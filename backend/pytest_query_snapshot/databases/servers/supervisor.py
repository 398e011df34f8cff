"""A process of its own that owns one PostgreSQL server and its folder, and outlives its starter.

It ends the server and removes the folder when its standard input closes or its parent is gone: after a normal end,
an interrupt, and a kill that left no process to clean up. Run as a script, with nothing but the standard library.
"""

from __future__ import annotations

import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path

_POLL_SECONDS = 0.5
_GRACE_SECONDS = 10


def supervise(folder: Path, uid: int | None, gid: int | None, command: list[str]) -> int:
    """Run the server until its starter ends; print its log when it ended by itself."""
    parent = os.getppid()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log = folder / "log"
    server: subprocess.Popen[bytes] | None = None
    try:
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603  the command comes from the plugin
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                umask=0o077,
                user=uid,
                group=gid,
                extra_groups=None if uid is None else (),
            )
        while server.poll() is None and os.getppid() == parent:
            if select.select([sys.stdin], [], [], _POLL_SECONDS)[0]:
                return 0
        if server.poll() is not None:
            sys.stdout.write(log.read_text(errors="replace"))
            return 1
        return 0
    finally:
        if server is not None:
            _end(server)
        shutil.rmtree(folder, ignore_errors=True)


def _end(server: subprocess.Popen[bytes]) -> None:
    # nothing in the folder is kept, so nothing needs to be written down first: an immediate shutdown
    server.send_signal(signal.SIGQUIT)
    try:
        server.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _number(text: str) -> int | None:
    return int(text) if text else None


if __name__ == "__main__":
    sys.exit(supervise(Path(sys.argv[1]), _number(sys.argv[2]), _number(sys.argv[3]), sys.argv[4:]))
