"""The transition tables of all slices: whole, and drawn in the reference as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from controlplane.governance.lifecycle import OF_AN_AGENT
from controlplane.lifecycle.drawing import drawings, every_lifecycle, redraw

PAGE = Path(__file__).parents[3] / "backend/docs/reference/controlplane/lifecycles.md"
each = pytest.mark.parametrize("lifecycle", every_lifecycle(), ids=lambda lifecycle: lifecycle.kind)


def test_the_pictures_are_those_of_the_code():
    text = PAGE.read_text(encoding="utf-8")
    hint = f"redraw: .venv/bin/python -m controlplane.lifecycle.drawing {PAGE}"
    assert drawings() in text, hint
    assert redraw(text) == text, hint


def test_a_document_without_the_markers_is_refused():
    with pytest.raises(ValueError, match="has no"):
        redraw("# Architecture")


def test_audit_of_an_agent_covers_every_record_about_an_agent():
    about = [each for each in every_lifecycle() if "agent_id" in each.model.__table__.c]
    named = {each.kind for each in about if not each.model.__table__.c.agent_id.nullable}
    assert named == {each.kind for each in OF_AN_AGENT}


@each
def test_every_status_is_reached_from_the_start(lifecycle):
    reached = set(lifecycle.initial)
    while more := {to for status in reached for to in lifecycle.arrows.get(status, ())} - reached:
        reached |= more
    assert reached == set(type(lifecycle.initial[0]))


@each
def test_the_table_and_its_reverse_agree(lifecycle):
    """`sources` drives the SQL and `arrows` the Python: they are the same arrows."""
    statuses = tuple(type(lifecycle.initial[0]))
    forwards = {(source, to) for source in statuses for to in lifecycle.arrows.get(source, ())}
    backwards = {(source, to) for to in statuses for source in lifecycle.sources(to)}
    assert forwards == backwards
    assert {status for status in statuses if lifecycle.is_final(status)} == {
        status for status in statuses if not any(source == status for source, _ in forwards)
    }


@each
def test_the_column_has_exactly_the_statuses_of_the_table(lifecycle):
    column = lifecycle.model.__table__.columns[lifecycle.column]
    assert column.type.enums == [str(status) for status in type(lifecycle.initial[0])]
