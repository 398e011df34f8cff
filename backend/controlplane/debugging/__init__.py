"""The debugger of workflows: sessions, breakpoints, stepping, traces, replay."""

from __future__ import annotations

from controlplane.debugging.access import permission_of, share, unshare
from controlplane.debugging.breakpoints import add_breakpoint, change_breakpoint, remove_breakpoint
from controlplane.debugging.comparison import Comparison, StepDifference, compare
from controlplane.debugging.export_import import export_session, import_session
from controlplane.debugging.inspection import Frame, call_stack, changes, evaluate, profile, traces, variables
from controlplane.debugging.lifecycle import DEBUG
from controlplane.debugging.observer import Debugger
from controlplane.debugging.replay import replay
from controlplane.debugging.service import attach, cancel, finish, launch, pause, resume, set_variable

__all__ = [
    "DEBUG",
    "Comparison",
    "Debugger",
    "Frame",
    "StepDifference",
    "add_breakpoint",
    "attach",
    "call_stack",
    "cancel",
    "change_breakpoint",
    "changes",
    "compare",
    "evaluate",
    "export_session",
    "finish",
    "import_session",
    "launch",
    "pause",
    "permission_of",
    "profile",
    "remove_breakpoint",
    "replay",
    "resume",
    "set_variable",
    "share",
    "traces",
    "unshare",
    "variables",
]
