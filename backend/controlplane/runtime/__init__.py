"""Drivers of executions: inline, threads of one process, or workers on many machines."""

from __future__ import annotations

from controlplane.runtime.approved_actions import run_all_approved, run_approved
from controlplane.runtime.inline import InlineRuntime
from controlplane.runtime.threads import ThreadRuntime

__all__ = ["InlineRuntime", "ThreadRuntime", "run_all_approved", "run_approved"]
