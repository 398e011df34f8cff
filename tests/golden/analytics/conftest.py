"""The names that the seeds of the analytics use, and one way to ask."""

from __future__ import annotations

import inspect
import uuid
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from controlplane.analytics.sql.buckets import Bucket

WORLD = SimpleNamespace(
    workspace=uuid.UUID(int=1),
    neighbour=uuid.UUID(int=2),
    nobody=uuid.UUID(int=3),
    monday=datetime(2026, 1, 5, tzinfo=UTC),
    next_monday=datetime(2026, 1, 12, tzinfo=UTC),
    agent=lambda number: uuid.UUID(int=0xA0000 + number),
)


@pytest.fixture
def world():
    return WORLD


WINDOW = {"since", "until"}
# what the questions take besides their workspace, unless a test says otherwise
DEFAULTS = {
    "workspace_id": WORLD.workspace,
    "since": WORLD.monday,
    "until": WORLD.next_monday,
    "now": WORLD.next_monday,
    "bucket": Bucket.DAY,
    "longer_than": timedelta(hours=1),
    "limit": 10,
}


@pytest.fixture
def ask(session):
    """Ask in the first workspace, of the first week of 2026 where the question takes a window."""

    def asked(builder, **options):
        takes = inspect.signature(builder).parameters
        asks = {key for key, taken in takes.items() if taken.default is taken.empty} | WINDOW & set(takes)
        return session.execute(builder(**{key: DEFAULTS[key] for key in asks if key in DEFAULTS} | options))

    return asked


@pytest.fixture
def add(session):
    """Insert rows of a model; numbers become ids."""

    def added(model, *rows, **common):
        known = {"workspace_id": WORLD.workspace, **common}
        session.execute(sa.insert(model), [{**known, **row, "id": uuid.UUID(int=row["id"])} for row in rows])

    return added
