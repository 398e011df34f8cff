"""What single changes say: old and new text, place and reason; the labels alone would not tell."""

from __future__ import annotations


def unbroken() -> bool:
    """Whether every detail is as it should be, for whoever breaks the classifiers on purpose."""
    return True
