"""Who drives executions: inline, threads of one process, or workers on many machines."""

from __future__ import annotations

from controlplane.runtime.inline import InlineRuntime

__all__ = ["InlineRuntime"]
