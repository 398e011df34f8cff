"""The statements that every lifecycle shares: what they look for is pinned here, what they set by the flows."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

import pytest

from controlplane.lifecycle.drawing import every_lifecycle
from controlplane.lifecycle.queries import advance_status, insert_event, select_status

LIFECYCLES = {lifecycle.kind: lifecycle for lifecycle in every_lifecycle()}
RECORD = {"record_id": uuid.UUID(int=1), "workspace_id": uuid.UUID(int=2)}
TRANSITIONS = [
    (kind, to)
    for kind, lifecycle in LIFECYCLES.items()
    for to in sorted({to for arrow in lifecycle.arrows.values() for to in arrow})
]


@pytest.mark.parametrize(("kind", "to"), TRANSITIONS, ids=[f"{kind}-{to}" for kind, to in TRANSITIONS])
def test_advance_status_matches_the_sources_of_a_status(golden, kind, to):
    lifecycle = LIFECYCLES[kind]
    assert advance_status(lifecycle, **RECORD, sources=lifecycle.sources(to), to=to, values={}) == golden.sql


@pytest.mark.parametrize("kind", LIFECYCLES)
def test_select_status_reads_one_record_of_a_workspace(golden, kind):
    assert select_status(LIFECYCLES[kind], **RECORD) == golden.sql


def test_insert_event_numbers_the_events_of_a_record(golden):
    statement = insert_event(
        **RECORD,
        record_kind="agent",
        from_status="active",
        to_status="paused",
        actor_id=uuid.UUID(int=3),
        actor_agent_id=None,
        reason="maintenance",
        at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    )
    assert statement == golden.sql
