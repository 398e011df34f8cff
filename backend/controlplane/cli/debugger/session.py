"""One debug session, named on the command line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from controlplane.cli.context import get_settings
from controlplane.cli.references import find
from controlplane.cli.workflows.executions import LAST
from controlplane.debugging.queries import select_sessions
from controlplane.errors import NotFoundError
from controlplane.models import DebugSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

    from controlplane.cli.context import Opened

SESSION = typer.Argument(help="The id of a debug session, its unambiguous beginning, or `last` for the newest.")


def find_session(opened: Opened, text: str) -> DebugSession:
    """Return the debug session that an id or its unambiguous beginning names; `last` is the newest."""
    if text == LAST:
        newest: DebugSession | None = opened.session.scalars(
            select_sessions(workspace_id=opened.workspace_id, limit=1)
        ).first()
        if newest is None:
            raise NotFoundError(record="debug session", id=text)
        return newest
    return find(opened.session, DebugSession, workspace_id=opened.workspace_id, text=text)


@contextmanager
def debug_session(context: typer.Context, text: str) -> Iterator[tuple[Session, dict[str, Any]]]:
    """Open a transaction with the ids that every verb of a debug session takes."""
    with get_settings(context).opened() as opened:
        found = find_session(opened, text)
        ids = {"workspace_id": opened.workspace_id, "session_id": found.id, "user_id": opened.user_id}
        yield opened.session, ids
