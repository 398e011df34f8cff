"""`controlplane audit`: every transition of every record, and who made it."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Any

import typer

from controlplane import clock
from controlplane.cli.context import get_settings
from controlplane.cli.names import name_columns
from controlplane.cli.options import AS_JSON, MOST_ROWS
from controlplane.cli.output import short
from controlplane.cli.records import show_records
from controlplane.cli.references import find_agent, find_user, read_beginning
from controlplane.errors import InvalidValueError
from controlplane.governance.queries.audit import select_agent_audit_trail, select_audit_trail

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from controlplane.cli.context import Opened
    from controlplane.models import LifecycleEvent

app = typer.Typer()
_DIGITS = 32


@app.command()
def audit(
    context: typer.Context,
    kind: str | None = typer.Option(None, help="Only records of this kind, such as proposal."),
    record: str | None = typer.Option(None, help="Only the record with this id."),
    actor: str | None = typer.Option(None, help="Only changes by the user with this e-mail."),
    agent: str | None = typer.Option(None, help="Everything about this agent: the agent, its runs, its reviews."),
    since: datetime | None = typer.Option(None, help="Only changes from this instant on, UTC."),
    until: datetime | None = typer.Option(None, help="Only changes before this instant, UTC."),
    limit: int = typer.Option(100, min=1, max=MOST_ROWS, help="The most rows to list."),
    as_json: bool = AS_JSON,
) -> None:
    """List the changes of status of all records, the newest first."""
    with get_settings(context).opened() as opened:
        ids: dict[str, Any] = {
            "workspace_id": opened.workspace_id,
            "since": None if since is None else clock.as_utc(since),
            "until": None if until is None else clock.as_utc(until),
            "limit": limit,
        }
        if agent is not None:
            found = find_agent(opened.session, workspace_id=opened.workspace_id, text=agent)
            query = select_agent_audit_trail(agent_id=found.id, **ids)
        else:
            query = select_audit_trail(
                record_kind=kind,
                record_id=None if record is None else _whole_id(record),
                actor_id=None if actor is None else find_user(opened.session, email=actor).id,
                **ids,
            )
        events = opened.session.scalars(query).all()
        show_records(events, columns=_columns(opened, events), as_json=as_json)


def _columns(opened: Opened, events: Sequence[LifecycleEvent]) -> dict[str, Callable[[Any], Any]]:
    return {
        "at": lambda one: one.at,
        "record": lambda one: one.record_kind,
        "id": lambda one: short(one.record_id),
        "from": lambda one: one.from_status,
        "to": lambda one: one.to_status,
        **name_columns(opened.session, events, user="actor_id", agent="actor_agent_id"),
        "reason": lambda one: one.reason,
    }


def _whole_id(text: str) -> uuid.UUID:
    """Read a whole id: the kind of the record, and so its table, need not be known."""
    digits = read_beginning("record", text)
    if len(digits) != _DIGITS:
        raise InvalidValueError(field="record", value=text, rule="it must be a whole id")
    return uuid.UUID(digits)
