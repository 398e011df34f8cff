"""Workflows that run: definitions, expressions, variables, HTTP, and the engine that drives them."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from controlplane.execution.approvals import approve, decide_by_agent, reject
    from controlplane.execution.definition import load_definition, parse_definition
    from controlplane.execution.engine.claim import claim, complete
    from controlplane.execution.engine.config import (
        EngineConfig,
        Idle,
        Lease,
        Observer,
        Stopped,
    )
    from controlplane.execution.engine.execute import perform
    from controlplane.execution.http import HttpPolicy
    from controlplane.execution.lifecycle import STEP, WORKFLOW
    from controlplane.execution.secrets import Secrets
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
    "EngineConfig",
    "HttpPolicy",
    "Idle",
    "Lease",
    "Observer",
    "Secrets",
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

# Loaded when it is first asked for: a list of executions needs neither the engine nor an HTTP client.
_MODULES = {
    "approvals": ("approve", "decide_by_agent", "reject"),
    "definition": ("load_definition", "parse_definition"),
    "engine.claim": ("claim", "complete"),
    "engine.config": ("EngineConfig", "Idle", "Lease", "Observer", "Stopped"),
    "engine.execute": ("perform",),
    "http": ("HttpPolicy",),
    "secrets": ("Secrets",),
    "lifecycle": ("STEP", "WORKFLOW"),
    "service": ("cancel", "get_execution", "pause", "resume", "signal", "start"),
    "versions": ("get_version", "save_workflow"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
