"""The lifecycle of a canvas, and the changes of its content."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from controlplane.lifecycle import Lifecycle
from controlplane.models import Canvas, CanvasStatus

CANVAS = Lifecycle(Canvas, (CanvasStatus.OPEN,), {CanvasStatus.OPEN: (CanvasStatus.CLOSED,)})


def merge_patch(content: Any, changes: Any) -> Any:
    """Return `content` with `changes` applied as a JSON Merge Patch (RFC 7396): null removes a key."""
    if not isinstance(changes, Mapping):
        return changes
    merged = dict(content) if isinstance(content, Mapping) else {}
    for key, change in changes.items():
        if change is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), change)
    return merged
