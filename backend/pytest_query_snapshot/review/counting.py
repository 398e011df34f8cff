"""Numbers with their nouns, as reports and comments write them."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, in the plural where it is not one: ``1 golden``, ``2 goldens``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
