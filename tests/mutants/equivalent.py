"""Mutants that change no answer, and why."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
