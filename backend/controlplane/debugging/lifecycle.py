"""The lifecycle of a debug session, its stops, and differences of variables. No ORM session here."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from controlplane.lifecycle import Lifecycle
from controlplane.models import DebugMode, DebugPermission, DebugSession, DebugStatus, StopReason

DEBUG = Lifecycle(
    DebugSession,
    (DebugStatus.ACTIVE, DebugStatus.COMPLETED),  # an imported session begins at its end
    {
        DebugStatus.ACTIVE: (DebugStatus.PAUSED, DebugStatus.COMPLETED, DebugStatus.CANCELLED),
        DebugStatus.PAUSED: (DebugStatus.ACTIVE, DebugStatus.COMPLETED, DebugStatus.CANCELLED),
    },
)

NOT_STOPPED = dict.fromkeys(
    ("stop_reason", "stopped_execution_id", "stopped_step", "stopped_item", "stopped_attempt", "breakpoint_id")
)
"""The columns that say where a session is stopped, of one that is not."""
LIVE = (DebugStatus.ACTIVE, DebugStatus.PAUSED)
RANKS = tuple(DebugPermission)
"""Permissions from least to most: each includes those before it."""


def includes(held: DebugPermission | None, needed: DebugPermission) -> bool:
    """Return whether a held permission is enough; none never is."""
    return held is not None and RANKS.index(held) >= RANKS.index(needed)


def attempt_key(execution_id: uuid.UUID, *, step_key: str, role: str, item: int, attempt: int) -> str:
    """Return the text by which a session remembers the attempt that may pass."""
    return f"{execution_id}:{step_key}:{role}:{item}:{attempt}"


def due_stop(*, mode: DebugMode, mode_depth: int, depth: int, is_entry: bool, is_asked: bool) -> StopReason | None:
    """Return why to stop before a step at `depth` (0 is the outermost workflow), breakpoints aside.

    Over stops at the next step that is not deeper than where it began, into at the next one at all, out at the
    next one that is less deep. `is_entry`: it is to stop on entry and never has; `is_asked`: a person asked.
    """
    if is_asked:
        return StopReason.PAUSE
    if is_entry:
        return StopReason.ENTRY
    stops = {
        DebugMode.CONTINUE: False,
        DebugMode.OVER: depth <= mode_depth,
        DebugMode.INTO: True,
        DebugMode.OUT: depth < mode_depth,
    }
    return StopReason.STEP if stops[mode] else None


def stood_still(events: Sequence[tuple[str, datetime]], *, since: datetime, until: datetime) -> float:
    """Return the seconds of [since, until) in which a session was paused, by its events in order."""
    total, paused_at = 0.0, None
    for status, at in [*events, ("", until)]:
        if paused_at is not None:
            total += max(0.0, (min(at, until) - max(paused_at, since)).total_seconds())
        paused_at = at if status == DebugStatus.PAUSED else None
    return total


def diff_variables(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Return what was added, changed (old and new) and removed; true is not 1, as in JSON."""
    return {
        "added": {name: after[name] for name in after if name not in before},
        "changed": {
            name: {"old": before[name], "new": after[name]}
            for name in before
            if name in after and not same_json(before[name], after[name])
        },
        "removed": {name: before[name] for name in before if name not in after},
    }


def same_json(left: Any, right: Any) -> bool:
    """Return whether two values are the same JSON, ignoring the order of keys."""
    return left is right or json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)
