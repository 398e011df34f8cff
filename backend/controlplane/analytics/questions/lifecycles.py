"""Questions about states: how long records stay in one, where they go from it, how far they come, which stay.

Asked of the events, so the same for every kind of record (`record_kind` is the table's name, with an aspect where
a record has two: `agent.maturity`). The events of one record are in order of `sequence`; times alone may tie. An
event from a state to itself (a run that is corrected) is a transition, and does not end a stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, true

from controlplane.analytics.sql.distribution import distribution, statistics
from controlplane.analytics.sql.portable import (
    Rows,
    at,
    in_window,
    ratio,
    seconds_between,
)
from controlplane.collation import code_points
from controlplane.models import LifecycleEvent

if TYPE_CHECKING:
    import uuid
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Subquery

_event = LifecycleEvent


def _scope(
    *,
    workspace_id: uuid.UUID,
    record_kind: str | None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> ColumnElement[bool]:
    return and_(
        _event.workspace_id == workspace_id,
        true() if record_kind is None else _event.record_kind == record_kind,
        in_window(_event.at, since=since, until=until),
    )


def _stays(scope: ColumnElement[bool]) -> Subquery:
    """Make a table of every stay in a state: when it began, and when it ended (null: it has not)."""
    following: Any = {"partition_by": (_event.record_kind, _event.record_id), "order_by": _event.sequence}
    return (
        select(
            _event.record_kind,
            _event.record_id,
            _event.sequence,
            _event.to_status.label("status"),
            _event.at.label("entered_at"),
            func.lead(_event.at, type_=_event.at.type).over(**following).label("left_at"),
        )
        .where(scope, or_(_event.from_status.is_(None), _event.from_status != _event.to_status))
        .subquery("stays")
    )


def select_time_in_state(
    *,
    workspace_id: uuid.UUID,
    record_kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Rows:
    """Select, per kind and state, how long stays lasted that have ended.

    A current stay is left out: see `select_unmoved_records`. A record that comes back has two stays.

    Window: the instant at which the stay began.
    Columns: `record_kind`, `status`; `samples` count; `mean`, `minimum`, `median`, `p95`, `p99`, `maximum`
        seconds.
    Null: nothing.
    Order: by kind and state; no ties.
    """
    stays = _stays(_scope(workspace_id=workspace_id, record_kind=record_kind))
    ended = (
        select(
            stays.c.record_kind,
            stays.c.status,
            seconds_between(stays.c.entered_at, stays.c.left_at).label("seconds"),
        )
        .where(stays.c.left_at.is_not(None), in_window(stays.c.entered_at, since=since, until=until))
        .subquery("ended")
    )
    spread = distribution(ended, by=("record_kind", "status"), value="seconds", name="spread")
    return select(spread.c.record_kind, spread.c.status, spread.c.samples, *statistics(spread)).order_by(
        code_points(spread.c.record_kind), code_points(spread.c.status)
    )


def select_transition_counts(
    *,
    workspace_id: uuid.UUID,
    record_kind: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Rows:
    """Select, per kind, state before and after: transitions, and their share of those from there.

    Pairs that never happened are left out.

    Window: the `at` of the transition.
    Columns: `record_kind`, `from_status`, `to_status`; `transitions` count; `share` 0..1.
    Null: `from_status` where a record is made.
    Order: by kind and both states, null first; no ties.
    """
    keys = (_event.record_kind, _event.from_status, _event.to_status)
    number = func.count()
    return (
        select(
            *keys,
            number.label("transitions"),
            ratio(number, func.sum(number).over(partition_by=keys[:2])).label("share"),
        )
        .where(_scope(workspace_id=workspace_id, record_kind=record_kind, since=since, until=until))
        .group_by(*keys)
        .order_by(code_points(keys[0]), code_points(keys[1]).asc().nulls_first(), code_points(keys[2]))
    )


def select_state_funnel(
    *,
    workspace_id: uuid.UUID,
    record_kind: str,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Rows:
    """Select, per state, how many of the records made in the window ever came to it, and their share of them.

    A record that came twice counts once.

    Window: the instant at which a record was made; what it did later counts whenever it was.
    Columns: `status`; `records` count; `share` 0..1.
    Null: nothing; without records the result is empty.
    Order: most records first; equal numbers by state.
    """
    made = (
        select(_event.record_id)
        .where(
            _scope(workspace_id=workspace_id, record_kind=record_kind, since=since, until=until),
            _event.from_status.is_(None),
        )
        .cte("made")
    )
    number = func.count(_event.record_id.distinct())
    everyone = select(func.count()).select_from(made).scalar_subquery()
    return (
        select(_event.to_status.label("status"), number.label("records"), ratio(number, everyone).label("share"))
        .join(made, made.c.record_id == _event.record_id)
        .where(_scope(workspace_id=workspace_id, record_kind=record_kind))
        .group_by(_event.to_status)
        .order_by(number.desc(), code_points(_event.to_status))
    )


def select_unmoved_records(
    *, workspace_id: uuid.UUID, record_kind: str, statuses: Sequence[str], now: datetime, limit: int = 100
) -> Rows:
    """Select the records that came to one of `statuses` and never left it.

    Pass the states that should be left; the last state of an ended record is not one.

    Columns: `record_id`, `status`; `entered_at` UTC; `seconds` seconds there until `now`.
    Null: nothing.
    Order: longest there first; equal times by id.
    """
    stays = _stays(_scope(workspace_id=workspace_id, record_kind=record_kind))
    return (
        select(
            stays.c.record_id,
            stays.c.status,
            stays.c.entered_at,
            seconds_between(stays.c.entered_at, at(now)).label("seconds"),
        )
        .where(stays.c.left_at.is_(None), stays.c.status.in_(tuple(statuses)))
        .order_by(stays.c.entered_at, stays.c.record_id)
        .limit(limit)
    )
