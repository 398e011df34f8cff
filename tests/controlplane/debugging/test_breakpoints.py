"""Breakpoints of one session or of all, their rights, the versions they are checked against, and expressions."""

from __future__ import annotations

import uuid

import pytest

from controlplane import actions
from controlplane.errors import ExpressionError, InvalidValueError, NotAuthorizedError, NotFoundError
from controlplane.models import Breakpoint

pytestmark = pytest.mark.seed("users")

OWNER, LEAD, MEMBER, VIEWER = (uuid.UUID(int=number) for number in (0xB0001, 0xB0003, 0xB0004, 0xB0005))
CHAIN = """
name: chain
steps:
  - {key: fetch-data, kind: task, action: note, parameters: {n: 5}}
  - {key: check, kind: condition, depends_on: fetch-data, default: [last],
     branches: [{name: many, when: steps.fetch-data.output.n - 1 > 3, then: [each-one]}]}
  - {key: each-one, kind: map, over: "${input.items}",
     body: {kind: task, action: note, parameters: {n: "${item}"}}}
  - {key: last, kind: task, action: note, parameters: {n: "${steps.fetch-data.output.n}"}}
"""


@pytest.fixture(autouse=True)
def _actions():
    with actions.registered(note=lambda parameters, *, idempotency_key: parameters):
        yield


def launched(desk, **options):
    return desk.launch(CHAIN, input_data={"items": ["a", "b"]}, **options)


def test_breakpoint_on_step_with_hyphens_stops_before_it(desk):
    launched(desk)
    desk.breakpoint("each-one", condition="steps.fetch-data.output.n == 5")
    assert desk.resume() == ("breakpoint", "each-one")
    assert desk.resume() == "completed"


def test_breakpoint_of_a_session_stops_no_other(desk):
    first = launched(desk)
    desk.breakpoint("check", session_id=first.id)
    launched(desk)
    assert desk.resume() == "completed"
    desk.watched = first
    assert desk.resume() == ("breakpoint", "check")


def test_breakpoint_on_a_step_that_only_a_debugged_version_has_is_accepted(desk):
    first = launched(desk)
    desk.save(CHAIN.replace("key: check", "key: choose"))
    desk.breakpoint("check")
    desk.breakpoint("check", session_id=first.id)
    assert desk.resume() == ("breakpoint", "check")
    desk.on("finish", engine=desk.engine)
    with pytest.raises(InvalidValueError, match="neither the newest version"):
        desk.breakpoint("check")


def test_breakpoint_of_a_session_is_checked_against_its_own_version(desk):
    launched(desk)
    desk.save(CHAIN.replace("key: check", "key: choose"))
    second = launched_newest(desk)
    with pytest.raises(InvalidValueError, match="neither the newest version"):
        desk.breakpoint("check", session_id=second.id)


def launched_newest(desk):
    return desk.verb("launch", workflow="chain", engine=desk.engine, input_data={"items": []})


def test_breakpoint_in_a_child_of_an_older_version_is_accepted(desk):
    desk.save(CHAIN)
    desk.launch(
        "{name: outer, steps: [{key: call, kind: workflow, workflow: chain, input: {items: []}}]}",
        stop_on_entry=False,
    )
    child = desk.save("{name: inner, steps: [{key: only, kind: wait, seconds: 60}]}")
    desk.launch("{name: outer, steps: [{key: call, kind: workflow, workflow: inner}]}", stop_on_entry=False)
    desk.save("{name: inner, steps: [{key: other, kind: wait, seconds: 60}]}")
    desk.breakpoint("only", workflow_id=child.workflow_id, session_id=desk.watched.id)


def test_breakpoint_of_a_session_takes_an_operator_of_it(desk):
    first = launched(desk)
    with pytest.raises(NotAuthorizedError):
        desk.breakpoint("check", session_id=first.id, user_id=LEAD)
    desk.on("share", with_user_id=LEAD, permission="operator")
    desk.breakpoint("check", session_id=first.id, user_id=LEAD)
    with pytest.raises(NotFoundError):
        desk.breakpoint("check", session_id=uuid.uuid4())


@pytest.mark.parametrize("verb", ["remove_breakpoint", "change_breakpoint"])
def test_breakpoint_is_changed_by_its_maker_or_an_owner(desk, verb):
    launched(desk)
    options = {} if verb == "remove_breakpoint" else {"enabled": False}
    for user in (MEMBER, OWNER):
        made = desk.breakpoint("check")
        with pytest.raises(NotAuthorizedError, match="takes its maker"):
            desk.verb(verb, breakpoint_id=made.id, user_id=LEAD, **options)
        desk.verb(verb, breakpoint_id=made.id, user_id=user, **options)


def test_breakpoint_of_a_session_is_removed_by_the_owner_of_the_session(desk):
    first = launched(desk)
    desk.on("share", with_user_id=LEAD, permission="operator")
    made = desk.breakpoint("check", session_id=first.id, user_id=LEAD)
    desk.verb("remove_breakpoint", breakpoint_id=made.id)
    other = desk.breakpoint("check", session_id=first.id)
    with pytest.raises(NotAuthorizedError):
        desk.verb("remove_breakpoint", breakpoint_id=other.id, user_id=LEAD)


def test_removed_member_does_not_remove_even_their_own_breakpoint(desk):
    launched(desk)
    made = desk.breakpoint("check")
    made.created_by = VIEWER
    desk.session.flush()
    with pytest.raises(NotAuthorizedError):
        desk.verb("remove_breakpoint", breakpoint_id=made.id, user_id=VIEWER)


def test_imported_breakpoints_of_a_session_stop_no_other(desk):
    first = launched(desk)
    desk.breakpoint("check", session_id=first.id)
    desk.breakpoint("last")
    other = launched(desk)
    desk.breakpoint("each-one", session_id=other.id)
    desk.watched = first
    exported = desk.on("export_session")
    assert [(row["step_key"], row["of_session"]) for row in exported["breakpoints"]] == [
        ("check", True),
        ("last", False),
    ]
    imported = desk.verb("import_session", data=exported)
    points = desk.session.query(Breakpoint).order_by(Breakpoint.created_at).all()
    assert [(point.step_key, point.session_id) for point in points] == [
        ("check", first.id),
        ("last", None),
        ("each-one", other.id),
        ("check", imported.id),
    ]


def test_expression_is_evaluated_where_the_session_is_stopped(desk):
    launched(desk)
    desk.breakpoint("each-one", condition="item == 'b'")
    assert desk.resume() == ("breakpoint", "each-one")
    values = {
        "steps.fetch-data.output.n + 1": 6,
        "item": "b",
        "index": 1,
        "input.items": ["a", "b"],
        "execution.workflow == 'chain' and execution.version == 1": True,
        "execution.user_id": str(MEMBER),
        "vars": {},
    }
    assert {text: desk.on("evaluate", expression=text) for text in values} == values


def test_expression_before_a_step_knows_no_item(desk):
    launched(desk)
    with pytest.raises(ExpressionError, match="item"):
        desk.on("evaluate", expression="item")


def test_expression_that_is_broken_or_out_of_place_is_refused(desk):
    launched(desk)
    with pytest.raises(ExpressionError):
        desk.on("evaluate", expression="1 +")
    with pytest.raises(InvalidValueError):
        desk.on("evaluate", expression="")
    with pytest.raises(NotAuthorizedError):
        desk.on("evaluate", expression="1", user_id=LEAD)
    desk.resume()
    with pytest.raises(InvalidValueError, match="where a session is stopped"):
        desk.on("evaluate", expression="1")
