"""AI agents that earn autonomy under governance, the workflows they run, analytics over all of it.

The names here are the public interface. An action is a Python function, a workflow is data, a runtime drives it:

>>> import controlplane
>>> from sqlalchemy.orm import Session
>>> @controlplane.actions.register("greet_politely", level=1)
... def greet_politely(parameters, *, idempotency_key):
...     return {"text": "Good morning, " + parameters["name"]}
>>> database = controlplane.create_engine("sqlite://")
>>> change = controlplane.initialise(database, workspace="default", user="ada@example.com")
>>> change.before is None
True
>>> definition = controlplane.load_definition('''
... name: greeting
... steps: [{key: greet, kind: task, action: greet_politely, parameters: {name: "${input.name}"}}]
... outputs: {said: "${steps.greet.output.text}"}
... ''')
>>> with Session(database) as session:
...     workspace = session.query(controlplane.models.Workspace).one()
...     version = controlplane.save_workflow(session, workspace_id=workspace.id, definition=definition)
...     execution = controlplane.start(
...         session, workspace_id=workspace.id, workflow="greeting", input_data={"name": "Ada"}
...     )
...     controlplane.InlineRuntime(session).run()
...     print(execution.status, execution.outputs)
completed {'said': 'Good morning, Ada'}

In an application a `ThreadRuntime` drives executions in the background:
`with controlplane.ThreadRuntime(database, workers=4): ...`. People and agents are governed by the verbs of
`controlplane.governance` and `controlplane.agents`, which take the acting user's id.
"""

from __future__ import annotations

import importlib
import warnings
from typing import Any

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

# Types are in __init__.pyi. Loaded when it is first asked for: every module of the package imports this one first.
_MODULES = {
    "archiving": ("archive", "backup", "restore"),
    "database": ("create_engine",),
    "debugging": ("Debugger",),
    "errors": ("ControlPlaneError",),
    "execution": ("EngineConfig", "HttpPolicy", "load_definition", "parse_definition", "save_workflow", "start"),
    "execution.definition.schema": ("definition_schema",),
    "runtime": ("InlineRuntime", "ThreadRuntime"),
    "setup": ("downgrade", "initialise", "upgrade"),
}
_RENAMED = {"Engine": "EngineConfig"}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name in _RENAMED:
        message = f"controlplane.{name} is deprecated, use controlplane.{_RENAMED[name]}"
        warnings.warn(message, DeprecationWarning, stacklevel=2)
        name = _RENAMED[name]
    if name in _HOME:
        return getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    if name in __all__:
        return importlib.import_module(f"{__name__}.{name}")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
