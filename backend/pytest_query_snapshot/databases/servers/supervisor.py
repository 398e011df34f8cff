"""A process of its own that owns one PostgreSQL server and its folder, and outlives its starter.

It ends the server and removes the folder when its standard input closes or its parent is gone: after a normal end,
an interrupt, and a kill that left no process to clean up. Run as a script, with nothing but the standard library.
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

_POLL_SECONDS = 0.5
_GRACE_SECONDS = 10
_PR_SET_PDEATHSIG = 1


def supervise(
    folder: Path, *, uid: int | None, gid: int | None, template: str, access: str, command: list[str]
) -> int:
    """Make the folder and run the server in it until its starter ends; print its log when it ended by itself.

    template: a data folder to copy; access: its `pg_hba.conf`, if not the one that the copy has.
    """
    parent = os.getppid()
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    log, data = folder / "log", folder / "data"
    account: Any = {"user": uid, "group": gid, "extra_groups": None if uid is None else ()}
    server: subprocess.Popen[bytes] | None = None
    try:
        folder.mkdir(mode=0o700)
        if uid is not None and gid is not None:
            os.chown(folder, uid, gid)
        subprocess.run(["cp", "-R", template, str(data)], check=True, cwd="/", umask=0o077, **account)  # noqa: S603, S607  no shell
        if access:
            (data / "pg_hba.conf").write_text(access)
        with log.open("wb") as output:
            server = subprocess.Popen(  # noqa: S603  the command comes from the plugin
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                umask=0o077,
                preexec_fn=_end_with_parent,  # noqa: PLW1509  there is one thread
                **account,
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


def _end_with_parent() -> None:
    """Let Linux end the server when this process is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGQUIT)


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    sys.exit(supervise(Path(given.pop("folder")), **given))
