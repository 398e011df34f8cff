"""A process of its own that drops the databases of a run on a given server when the run was killed.

It reads how to connect from its standard input, then waits until that closes. Run as a script.
"""

from __future__ import annotations

import json
import signal
import sys
import time
from typing import Any

import psycopg
from psycopg import sql

_DONE = "done"
_ROUNDS = 3
_PAUSE_SECONDS = 0.3  # the server may still be making a database for a client that is gone


def sweep(arguments: dict[str, Any], prefix: str) -> None:
    """Drop every database whose name begins with a prefix."""
    with psycopg.connect(**arguments, autocommit=True) as raw:
        for _ in range(_ROUNDS):
            found = raw.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (prefix,))
            for (name,) in found.fetchall():
                raw.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
            time.sleep(_PAUSE_SECONDS)


def main() -> None:
    """Wait for the end of the process that started this one."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    note = json.loads(sys.stdin.readline())
    if sys.stdin.read().strip() != _DONE:
        sweep(note["arguments"], note["prefix"])


if __name__ == "__main__":
    main()
