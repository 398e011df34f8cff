"""Workflows that run: definitions, expressions, variables, HTTP, and the engine that drives them."""

from __future__ import annotations

from controlplane.execution.approvals import approve, decide_by_agent, reject
from controlplane.execution.definition import load_definition, parse_definition
from controlplane.execution.engine.claim import claim, complete
from controlplane.execution.engine.config import (
    Engine,
    Idle,
    Lease,
    Observer,
    Stopped,
)
from controlplane.execution.engine.execute import perform
from controlplane.execution.http import HttpPolicy
from controlplane.execution.lifecycle import STEP, WORKFLOW
from controlplane.execution.service import (
    cancel,
    get_execution,
    pause,
    resume,
    signal,
    start,
)
from controlplane.execution.versions import get_version, save_workflow

__all__ = [
    "STEP",
    "WORKFLOW",
    "Engine",
    "HttpPolicy",
    "Idle",
    "Lease",
    "Observer",
    "Stopped",
    "approve",
    "cancel",
    "claim",
    "complete",
    "decide_by_agent",
    "get_execution",
    "get_version",
    "load_definition",
    "parse_definition",
    "pause",
    "perform",
    "reject",
    "resume",
    "save_workflow",
    "signal",
    "start",
]
