from controlplane import actions, agents, canvas, debugging, errors, execution, governance, models
from controlplane.archiving import archive, backup, restore
from controlplane.database import create_engine
from controlplane.debugging import Debugger
from controlplane.errors import ControlPlaneError
from controlplane.execution import (
    EngineConfig,
    HttpPolicy,
    load_definition,
    parse_definition,
    save_workflow,
    start,
)
from controlplane.execution.definition.schema import definition_schema
from controlplane.runtime import InlineRuntime, ThreadRuntime
from controlplane.setup import downgrade, initialise, upgrade

__all__ = [
    "ControlPlaneError",
    "Debugger",
    "EngineConfig",
    "HttpPolicy",
    "InlineRuntime",
    "ThreadRuntime",
    "actions",
    "agents",
    "archive",
    "backup",
    "canvas",
    "create_engine",
    "debugging",
    "definition_schema",
    "downgrade",
    "errors",
    "execution",
    "governance",
    "initialise",
    "load_definition",
    "models",
    "parse_definition",
    "restore",
    "save_workflow",
    "start",
    "upgrade",
]
