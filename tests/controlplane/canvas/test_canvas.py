"""The verbs of a canvas, and its trail."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import select

from controlplane import canvas
from controlplane.canvas import Author
from controlplane.canvas.lifecycle import merge_patch
from controlplane.canvas.queries import revise_canvas, select_audit_trail, select_canvases
from controlplane.errors import (
    AppendOnlyError,
    CanvasClosedError,
    IllegalTransitionError,
    InvalidValueError,
    NotFoundError,
)
from controlplane.models import Canvas, CanvasAction, CanvasAudit, CanvasStatus

pytestmark = pytest.mark.seed("users")
WORKSPACE, ELSEWHERE = uuid.UUID(int=1), uuid.UUID(int=2)
MARA = Author(user_id=uuid.UUID("000000000000000000000000000b0004"))


@pytest.fixture
def shown(session):
    content = {"title": "Sales", "rows": [1, 2]}
    return canvas.present(session, workspace_id=WORKSPACE, type="chart", content=content, author=MARA)


def trail(session, shown):
    rows = session.scalars(select_audit_trail(workspace_id=WORKSPACE, canvas_id=shown.id))
    return [(row.sequence, str(row.action), row.content) for row in rows]


def test_each_action_leaves_one_row_and_a_revision(session, shown):
    ids = {"workspace_id": WORKSPACE, "canvas_id": shown.id, "author": MARA}
    canvas.update(session, changes={"rows": [3], "title": None, "unit": "EUR"}, **ids)
    canvas.submit(session, data={"agreed": True}, **ids)
    canvas.close(session, **ids)
    assert shown.content == {"rows": [3], "unit": "EUR"}
    assert (shown.status, shown.revision, shown.owner_id) == (CanvasStatus.CLOSED, 4, MARA.user_id)
    assert shown.closed_at == shown.updated_at
    assert trail(session, shown) == [
        (1, "present", {"title": "Sales", "rows": [1, 2]}),
        (2, "update", {"rows": [3], "title": None, "unit": "EUR"}),
        (3, "submit", {"agreed": True}),
        (4, "close", None),
    ]


def test_a_closed_canvas_takes_nothing_more(session, shown):
    ids = {"workspace_id": WORKSPACE, "canvas_id": shown.id}
    canvas.close(session, **ids)
    with pytest.raises(CanvasClosedError):
        canvas.update(session, changes={}, **ids)
    with pytest.raises(CanvasClosedError):
        canvas.submit(session, data=1, **ids)
    with pytest.raises(IllegalTransitionError):
        canvas.close(session, **ids)
    assert len(trail(session, shown)) == 2


def test_another_workspace_neither_sees_nor_changes_it(session, shown):
    ids = {"workspace_id": ELSEWHERE, "canvas_id": shown.id}
    for call in (
        lambda: canvas.update(session, changes={}, **ids),
        lambda: canvas.submit(session, data=1, **ids),
        lambda: canvas.close(session, **ids),
        lambda: canvas.get_canvas(session, **ids),
    ):
        with pytest.raises(NotFoundError):
            call()
    assert session.scalars(select_canvases(workspace_id=ELSEWHERE)).all() == []
    assert session.scalars(select_audit_trail(**ids)).all() == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"type": ""},
        {"type": "x" * 101},
        {"type": 5},
        {"content": {1, 2}},
        {"content": float("nan")},
        {"component": " "},
    ],
)
def test_invalid_content_is_refused_and_nothing_is_written(session, wrong):
    with pytest.raises(InvalidValueError):
        canvas.present(session, **({"workspace_id": WORKSPACE, "type": "chart", "content": {}} | wrong))
    assert session.scalars(select(Canvas)).all() == []


@pytest.mark.parametrize("content", ["\x00", {"a": ["x\x00"]}, {"\x00": 1}, "\ud800", "\\\x00"])
def test_texts_that_a_database_can_not_store_are_refused(session, content):
    with pytest.raises(InvalidValueError):
        canvas.present(session, workspace_id=WORKSPACE, type="chart", content=content)


@pytest.mark.parametrize("content", ["\\u0000", "\\\\u0000", {"\\u0000": "é😀\x01"}])
def test_texts_that_only_look_like_it_are_stored(session, content):
    shown = canvas.present(session, workspace_id=WORKSPACE, type="chart", content=content)
    assert canvas.get_canvas(session, workspace_id=WORKSPACE, canvas_id=shown.id).content == content


def test_changes_must_be_json(session, shown):
    with pytest.raises(InvalidValueError):
        canvas.update(session, workspace_id=WORKSPACE, canvas_id=shown.id, changes=object())
    assert shown.revision == 1


def test_the_trail_is_append_only(session, shown):
    row = session.scalars(select(CanvasAudit)).one()
    row.action = CanvasAction.CLOSE
    with pytest.raises(AppendOnlyError):
        session.flush()
    session.rollback()


def test_a_row_of_the_trail_can_not_be_deleted(session, shown):
    session.delete(session.scalars(select(CanvasAudit)).one())
    with pytest.raises(AppendOnlyError):
        session.flush()
    session.rollback()


def test_a_revision_that_has_moved_on_matches_no_row(session, shown, clock):
    stale = revise_canvas(workspace_id=WORKSPACE, canvas_id=shown.id, revision=0, now=clock(), content={})
    assert session.execute(stale).rowcount == 0
    fresh = revise_canvas(workspace_id=WORKSPACE, canvas_id=shown.id, revision=1, now=clock(), content={})
    assert session.execute(fresh).rowcount == 1


@pytest.mark.parametrize(
    ("content", "changes", "merged"),
    [  # the cases of RFC 7396, appendix A
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_changes_merge_as_the_rfc_says(content, changes, merged):
    assert merge_patch(content, changes) == merged
