"""One debug session, named on the command line."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import typer

from controlplane.cli.context import get_settings
from controlplane.cli.references import find
from controlplane.models import DebugSession

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.orm import Session

SESSION = typer.Argument(help="The id of a debug session, or its unambiguous beginning.")


@contextmanager
def debug_session(context: typer.Context, text: str) -> Iterator[tuple[Session, dict[str, Any]]]:
    """Open a transaction with the ids that every verb of a debug session takes."""
    with get_settings(context).opened() as opened:
        found = find(opened.session, DebugSession, workspace_id=opened.workspace_id, text=text)
        ids = {"workspace_id": opened.workspace_id, "session_id": found.id, "user_id": opened.user_id}
        yield opened.session, ids
