"""Mutants whose rows are the same on both databases, and why; by the name that `make mutants` prints."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
