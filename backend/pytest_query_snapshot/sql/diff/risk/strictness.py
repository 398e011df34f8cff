"""The scale by which conditions are compared."""

from __future__ import annotations

from enum import IntEnum


class Strictness(IntEnum):
    """The comparison of a condition with the one before; the greatest of several decides."""

    EQUAL = 0
    STRICTER = 1
    OTHER = 2
    """Neither: another value, or another column in the same test."""
    UNKNOWN = 3
    WEAKER = 4
