"""Ids of the rows that every step writes: UUIDs of version 7, which begin with the time."""

from __future__ import annotations

import time
import uuid
from os import urandom

_VERSION, _VARIANT = 0x7 << 76, 0b10 << 62


def new_id() -> uuid.UUID:
    """Return a new id, greater than those made before this millisecond.

    Rows that are written together lie together in an index then: a random id touches another page for every row.
    Records that people name by the beginning of their id have random ones: those of one minute begin alike here.
    It is the time of the machine, not of `clock`: an id must be new also where a test stops the clock.
    """
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = rest * 4096 // 1_000_000  # RFC 9562, 6.2, method 3: twelve bits of a finer time
    random = int.from_bytes(urandom(8), "big") >> 2  # as secrets.randbits(62), in half the time
    return uuid.UUID(int=milliseconds << 80 | _VERSION | fraction << 64 | _VARIANT | random)
