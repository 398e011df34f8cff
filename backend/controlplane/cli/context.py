"""The context of every command: the database, the workspace, the user, the workflow engine."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from controlplane.append_only_triggers import unprotected_tables
from controlplane.cli.core_tables import MEMBER, USER, WORKSPACE
from controlplane.cli.names import NAMED, with_names
from controlplane.database import create_engine, is_in_memory, read_url
from controlplane.errors import (
    ControlPlaneError,
    InvalidValueError,
    NotAuthorizedError,
    SchemaError,
    UnknownNameError,
    UnusableDatabaseError,
)
from controlplane.migrations.state import SchemaState, SchemaVersion, require_current, schema_error

if TYPE_CHECKING:
    import uuid
    from collections.abc import Iterator

    import sqlalchemy as sa
    import typer
    from sqlalchemy.orm import Session

    from controlplane.execution import EngineConfig

EXIT_EXECUTION_FAILED, EXIT_BLOCKED = 1, 3  # 2 is that of a command that was refused


class Reading(NamedTuple):
    """An open connection that only reads, and the workspace that the verb acts for."""

    connection: sa.Connection
    workspace_id: uuid.UUID


class Opened(NamedTuple):
    """An open transaction, with the workspace and the user that the verb acts for."""

    session: Session
    workspace_id: uuid.UUID
    user_id: uuid.UUID


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The options of the command itself."""

    database_url: str
    workspace: str
    user: str
    actions: tuple[str, ...]
    allow_hosts: tuple[str, ...]
    allow_networks: tuple[str, ...]
    secrets: Path | None = None
    lease: float = 30.0
    max_deliveries: int = 5

    @cached_property
    def database(self) -> sa.Engine:
        """The database; nothing is connected yet.

        Raises:
            InvalidValueError: the URL can't be read, or names a database in memory.
        """
        url = read_url(self.database_url)
        if is_in_memory(url):
            rule = "a database in memory ends with the command: name a file, as in sqlite:///controlplane.sqlite"
            raise InvalidValueError(field="database-url", value=self.database_url, rule=rule)
        return create_engine(url)

    @cached_property
    def engine(self) -> EngineConfig:
        """The workflow engine's settings: with the debugger, and with the actions registered."""
        from controlplane.cli.engine import build_engine  # noqa: PLC0415  few verbs need it, and it is large

        return build_engine(
            actions=self.actions,
            allow_hosts=self.allow_hosts,
            allow_networks=self.allow_networks,
            secrets=self.secrets,
            lease=self.lease,
            max_deliveries=self.max_deliveries,
        )

    @contextmanager
    def existing(self) -> Iterator[sa.Engine]:
        """Give a database that is to be there: a missing file of SQLite is refused, and not created."""
        if _is_missing_file(self.database.url):
            raise schema_error(self.database.url, SchemaVersion(SchemaState.EMPTY))
        with connecting(self.database):
            yield self.database

    @contextmanager
    def session(self) -> Iterator[Session]:
        """Open one transaction on a database whose schema is the one that this code needs."""
        from sqlalchemy.orm import Session  # noqa: PLC0415  verbs that only list need no ORM

        self.check_schema()
        with Session(self.database) as session, session.begin():
            yield session

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """Open a connection that only reads, for the user in the workspace."""
        self.check_schema()
        with self._read_only.connect() as connection:
            yield Reading(connection, self.workspace_id(connection))

    @property
    def _read_only(self) -> sa.Engine:
        return self.database.execution_options(sqlite_begin="DEFERRED")

    def check_schema(self) -> None:
        """Raise SchemaError unless the schema is the one that this code needs; a missing file is not created."""
        with self.existing(), self._read_only.connect() as connection:
            require_current(connection)
            if damaged := unprotected_tables(connection):
                names = ", ".join(damaged)
                problem = f"append-only triggers of {names} are missing or changed: run `controlplane upgrade`"
                raise SchemaError(
                    database=self.database.url.render_as_string(), state="damaged", found=None, problem=problem
                )

    @contextmanager
    def opened(self) -> Iterator[Opened]:
        """Open one transaction for the user in the workspace; errors about people name them by their e-mails."""
        with self.session() as session:
            opened = Opened(session, self.workspace_id(session), self.user_id(session))
            try:
                yield opened
            except NAMED as error:
                raise with_names(session, error) from error

    def workspace_id(self, session: Session | sa.Connection) -> uuid.UUID:
        """Return the workspace's id by its name; only members of the workspace have access, in any role."""
        user_id = self.user_id(session)
        found: uuid.UUID | None = session.scalar(select(WORKSPACE.c.id).where(WORKSPACE.c.name == self.workspace))
        if found is None:
            raise UnknownNameError(record="workspace", id=self.workspace)
        membership = select(MEMBER.c.status).where(MEMBER.c.workspace_id == found, MEMBER.c.user_id == user_id)
        if session.scalar(membership) != "active":
            action = f"enter the workspace {self.workspace}"
            raise NotAuthorizedError(actor=self.user, action=action, reason="they are not a member of it")
        return found

    def user_id(self, session: Session | sa.Connection) -> uuid.UUID:
        """Return the user's id by their e-mail."""
        found: uuid.UUID | None = session.scalar(select(USER.c.id).where(USER.c.email == self.user))
        if found is None:
            raise UnknownNameError(record="user", id=self.user)
        return found


@contextmanager
def connecting(database: sa.Engine) -> Iterator[None]:
    """Turn any error of a first connection into one of ours: drivers raise other ones on parts of a URL, too."""
    try:
        yield
    except (ControlPlaneError, UnicodeEncodeError):
        raise
    except Exception as error:
        raise _unusable(database, getattr(error, "orig", None) or error) from error


def own_error(context: typer.Context, error: Exception) -> Exception:
    """Return the error of ours for what a driver raised while a verb ran: it was refused, cut off, or locked out.

    Every other error is returned as it is.
    """
    if isinstance(error, UnicodeEncodeError) and error.encoding != "utf-8":
        rule = f"the output is {error.encoding}, which has no such characters: set PYTHONIOENCODING=utf-8"
        return InvalidValueError(field="text", value=error.object[error.start : error.end], rule=rule)
    if isinstance(error, UnicodeEncodeError):
        # a driver raises it: an argument that was not UTF-8
        rule = "it holds half a character, which no database stores"
        return InvalidValueError(field="text", value=error.object, rule=rule)
    if isinstance(error, DBAPIError):
        return _unusable(get_settings(context).database, error.orig or error)
    return error


def _unusable(database: sa.Engine, error: BaseException) -> UnusableDatabaseError:
    problem = " ".join(str(error).split()) or type(error).__name__
    return UnusableDatabaseError(database=database.url.render_as_string(), problem=problem.rstrip("."))


def _is_missing_file(url: sa.URL) -> bool:
    """Return whether a SQLite URL names a file that is not there; connecting would create it."""
    name = url.database or ""
    is_file = url.get_backend_name() == "sqlite" and name not in ("", ":memory:") and not name.startswith("file:")
    return is_file and not Path(name).exists()


def set_settings(context: typer.Context, settings: Settings) -> None:
    """Keep the settings for the command."""
    context.obj = settings


def get_settings(context: typer.Context) -> Settings:
    """Return the settings."""
    settings: Settings = context.find_root().obj
    return settings


def refuse_together(option: str, given: bool, **others: object) -> None:
    """Refuse options that a flag would leave without effect. Raises InvalidValueError."""
    ignored = [name for name, value in others.items() if value is not None]
    if given and ignored:
        names = ", ".join(f"--{name}" for name in ignored)
        raise InvalidValueError(field=option, value=True, rule=f"it can't be combined with {names}")


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


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
