"""The registry of agents, and the runs that they make."""

from __future__ import annotations

from controlplane.agents.lifecycle import AGENT, EXECUTION, MATURITY, SUPERVISION, TRIGGER
from controlplane.agents.registry import (
    INITIAL_CONFIDENCE,
    find_agent,
    get_agent,
    hold_workspace,
    import_new,
    register,
)
from controlplane.agents.runs import (
    cancel,
    complete,
    fail,
    get_execution,
    pause,
    request,
    request_of,
    resume,
    start,
    time_out,
)
from controlplane.agents.supervised import resolve_trigger

__all__ = [
    "AGENT",
    "EXECUTION",
    "INITIAL_CONFIDENCE",
    "MATURITY",
    "SUPERVISION",
    "TRIGGER",
    "cancel",
    "complete",
    "fail",
    "find_agent",
    "get_agent",
    "get_execution",
    "hold_workspace",
    "import_new",
    "pause",
    "register",
    "request",
    "request_of",
    "resolve_trigger",
    "resume",
    "start",
    "time_out",
]
