"""Problems of a definition: kind, step, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemKind(StrEnum):
    """The kinds of problem that a program can distinguish."""

    BAD_FIELD = "bad_field"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_KIND = "unknown_kind"
    DUPLICATE_KEY = "duplicate_key"
    UNKNOWN_DEPENDENCY = "unknown_dependency"
    CYCLE = "cycle"
    UNREACHABLE_STEP = "unreachable_step"
    UNKNOWN_REFERENCE = "unknown_reference"
    BAD_EXPRESSION = "bad_expression"
    BAD_RETRY = "bad_retry"
    UNKNOWN_ACTION = "unknown_action"
    EXPOSED_CREDENTIAL = "exposed_credential"
    MISSING_SECRET = "missing_secret"  # noqa: S105  the name of a problem


@dataclass(frozen=True)
class Problem:
    """One thing wrong; `step` is null when the definition itself is at fault."""

    kind: ProblemKind
    step: str | None
    detail: str
    path: tuple[str, ...] = ()
    """The steps of a cycle, the first of them again at the end."""

    def __str__(self) -> str:
        return f"step {self.step!r}: {self.detail}" if self.step is not None else self.detail
