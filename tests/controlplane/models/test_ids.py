"""Ids of the application sort in the order in which they were made, and are not guessed."""

from __future__ import annotations

import uuid

from controlplane.models import WorkflowExecution, ids


def test_id_begins_with_the_milliseconds_and_their_fraction(monkeypatch):
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_772_442_000_123_500_000)
    new = ids.new_id()
    assert (new.version, new.variant) == (7, uuid.RFC_4122)
    assert new.int >> 80 == 1_772_442_000_123
    assert new.int >> 64 & 0xFFF == 2048


def test_ids_of_one_instant_differ(monkeypatch):
    monkeypatch.setattr(ids.time, "time_ns", lambda: 1_772_442_000_123_500_000)
    assert len({ids.new_id() for _ in range(1000)}) == 1000


def test_ids_that_people_shorten_do_not_begin_alike():
    made = [WorkflowExecution.__table__.c.id.default.arg(None) for _ in range(100)]
    assert len({str(each)[:8] for each in made}) == 100
