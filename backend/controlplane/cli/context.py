"""What every command starts from: the database, the workspace, the person, the engine."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from controlplane.database import create_engine
from controlplane.debugging import Debugger
from controlplane.errors import InvalidValueError, NotAuthorizedError, NotFoundError, UnknownNameError
from controlplane.execution import Engine, HttpPolicy
from controlplane.execution.queries import select_executions_like
from controlplane.models import MembershipStatus, User, WorkflowExecution, Workspace, WorkspaceMember

if TYPE_CHECKING:
    from collections.abc import Iterator

    import sqlalchemy as sa
    import typer

OUT = Console()
ERR = Console(stderr=True)
FAILED_RUN, FAILED, RESTING = 1, 2, 3


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options that stand before the command."""

    database_url: str
    workspace: str
    user: str
    actions: tuple[str, ...]
    allow_hosts: tuple[str, ...]
    allow_networks: tuple[str, ...]

    @cached_property
    def database(self) -> sa.Engine:
        """The database; nothing is connected yet."""
        return create_engine(self.database_url)

    @cached_property
    def engine(self) -> Engine:
        """The engine: with the debugger, and with the actions registered."""
        for name in self.actions:
            _import(name)
        for network in self.allow_networks:
            _check_network(network)
        policy = HttpPolicy(allowed_hosts=self.allow_hosts, allowed_networks=self.allow_networks)
        return Engine(observer=Debugger(), http=policy)

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open one transaction on a database that has been initialised."""
        if not inspect(self.database).has_table("workspace"):
            raise InvalidValueError(
                field="database-url",
                value=self.database.url.render_as_string(),
                rule="it holds no control plane yet: run `controlplane init` first",
            )
        with Session(self.database) as session, session.begin():
            yield session

    def workspace_id(self, session: Session) -> uuid.UUID:
        """Return the workspace's id by its name; only who belongs to it gets in, in whatever role."""
        user_id = self.user_id(session)
        found = session.scalars(select(Workspace.id).where(Workspace.name == self.workspace).limit(1)).first()
        if found is None:
            raise UnknownNameError(record="workspace", id=self.workspace)
        membership = session.get(WorkspaceMember, (found, user_id))
        if membership is None or membership.status is not MembershipStatus.ACTIVE:
            action = f"enter the workspace {self.workspace}"
            raise NotAuthorizedError(actor=self.user, action=action, reason="they are no member of it")
        return found

    def user_id(self, session: Session) -> uuid.UUID:
        """Return the person's id by their e-mail: the database knows who they are, and what they may do."""
        found = session.scalars(select(User.id).where(User.email == self.user)).first()
        if found is None:
            raise UnknownNameError(record="user", id=self.user)
        return found

    def execution(self, session: Session, text: str) -> WorkflowExecution:
        """Return the execution that an id, or its unambiguous beginning, names."""
        workspace_id = self.workspace_id(session)
        beginning = text.replace("-", "").lower()
        if not beginning or set(beginning) - set("0123456789abcdef"):
            raise InvalidValueError(field="execution", value=text, rule="it must be an id or the beginning of one")
        query = select_executions_like(workspace_id=workspace_id, beginning=beginning)
        found: list[WorkflowExecution] = list(session.scalars(query))
        if len(found) > 1:
            raise InvalidValueError(field="execution", value=text, rule="more than one begins like this")
        if not found:
            raise NotFoundError(record="execution", id=text)
        return found[0]


def remember(context: typer.Context, settings: Settings) -> None:
    """Keep the settings for the command."""
    context.obj = settings


def given(context: typer.Context) -> Settings:
    """Return the settings."""
    settings: Settings = context.find_root().obj
    return settings


def parse_pairs(field: str, pairs: list[str]) -> dict[str, Any]:
    """Read `name=value` pairs, or one JSON object: a value that is JSON counts as such, else it is a text."""
    found: dict[str, Any] = {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if pair.lstrip().startswith("{"):
            data = _json(pair)
            if not isinstance(data, dict):
                raise InvalidValueError(field=field, value=pair, rule="it must be a JSON object")
            found.update(data)
        elif sign and name:
            found[name.strip()] = _json(value)
        else:
            raise InvalidValueError(field=field, value=pair, rule="it must be name=value or a JSON object")
    return found


def show_json(value: Any) -> None:
    """Print JSON, for programs."""
    OUT.print_json(json.dumps(value, default=str, ensure_ascii=False))


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _check_network(text: str) -> None:
    try:
        ip_network(text)
    except ValueError as error:
        raise InvalidValueError(field="allow-network", value=text, rule=f"it must be a network: {error}") from None


def _import(name: str) -> None:
    """Import a module that registers actions; what goes wrong inside it is shown as it is."""
    if not name.endswith(".py"):
        try:
            importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise  # the module is there, and what it imports is not
            raise _no_module(name) from None
        return
    path = Path(name).resolve()
    spec = importlib.util.spec_from_file_location(f"controlplane_actions_{path.stem}", path)
    if spec is None or spec.loader is None or not path.is_file():
        raise _no_module(name)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)


def _no_module(name: str) -> InvalidValueError:
    return InvalidValueError(field="actions", value=name, rule="it must be a Python file or module")
