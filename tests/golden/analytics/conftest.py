"""The names that the seeds of the analytics use, and one way to ask."""

from __future__ import annotations

import inspect
import uuid
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

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


@pytest.fixture
def ask(session):
    """Ask in the first workspace, of the first week of 2026 where the question takes a window."""

    def asked(builder, **options):
        takes = inspect.signature(builder).parameters
        defaults = {"workspace_id": WORLD.workspace, "since": WORLD.monday, "until": WORLD.next_monday}
        return session.execute(
            builder(**{key: value for key, value in defaults.items() if key in takes} | options)
        )

    return asked
