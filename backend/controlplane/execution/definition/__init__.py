"""Workflow definitions: data that goes in as YAML, JSON or rows, and comes out checked and typed."""

from __future__ import annotations

from controlplane.execution.definition.fields import is_variable_name
from controlplane.execution.definition.parsing import (
    parse_definition,
    unregistered_actions,
    unregistered_agent_actions,
    validate_definition,
)
from controlplane.execution.definition.problems import Problem, ProblemKind
from controlplane.execution.definition.reading import load_definition, read_data
from controlplane.execution.definition.steps import (
    AgentStep,
    ApprovalStep,
    Branch,
    CanvasStep,
    ChildStep,
    Compensation,
    ConditionStep,
    Definition,
    Edge,
    HttpStep,
    JoinStep,
    MapStep,
    ParallelStep,
    RetryPolicy,
    Step,
    TaskStep,
    WaitStep,
)
from controlplane.models import StepKind

__all__ = [
    "AgentStep",
    "ApprovalStep",
    "Branch",
    "CanvasStep",
    "ChildStep",
    "Compensation",
    "ConditionStep",
    "Definition",
    "Edge",
    "HttpStep",
    "JoinStep",
    "MapStep",
    "ParallelStep",
    "Problem",
    "ProblemKind",
    "RetryPolicy",
    "Step",
    "StepKind",
    "TaskStep",
    "WaitStep",
    "is_variable_name",
    "load_definition",
    "parse_definition",
    "read_data",
    "unregistered_actions",
    "unregistered_agent_actions",
    "validate_definition",
]
