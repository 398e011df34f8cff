"""What the debugger refuses: by whom, in which state, with what; nothing is written."""

from __future__ import annotations

import uuid

import pytest

from controlplane import actions
from controlplane.errors import (
    ControlPlaneError,
    IllegalTransitionError,
    InvalidValueError,
    NotAuthorizedError,
    NotFoundError,
)

pytestmark = pytest.mark.seed("users")

TINA, VERA, NILS = (uuid.UUID(int=number) for number in (0xB0003, 0xB0005, 0xB0006))
NO_AUTHOR = uuid.UUID(int=0xBFFFF)
CHAIN = """
name: chain
vars: {total: 0}
steps:
  - {key: one, kind: task, action: note, save: {total: 1}}
  - {key: two, kind: task, action: note, depends_on: one}
"""
OTHER = """
name: other
steps: [{key: two, kind: task, action: note}]
"""
VERBS = {
    "export_session": {},
    "call_stack": {},
    "variables": {},
    "traces": {},
    "changes": {},
    "profile": {},
    "set_variable": {"name": "total", "value": 5},
    "pause": {},
    "resume": {"engine": True},
    "share": {"with_user_id": VERA, "permission": "viewer"},
    "unshare": {"with_user_id": VERA},
    "finish": {"engine": True},
    "cancel": {"engine": True},
}


@pytest.fixture(autouse=True)
def _actions():
    with actions.registered(note=lambda parameters, *, idempotency_key: None):
        yield


def attempt(desk, verb, **who):
    """Say what becomes of a verb; what it wrote is taken back."""
    options = {name: desk.engine if name == "engine" else value for name, value in VERBS[verb].items()}
    kept = desk.session.begin_nested()
    try:
        desk.on(verb, **options, **who)
    except ControlPlaneError as error:
        return type(error).__name__
    else:
        return "done"
    finally:
        kept.rollback()
        desk.session.expire_all()


def test_verbs_of_each_permission(desk, golden):
    desk.launch(CHAIN)
    desk.on("share", with_user_id=VERA, permission="viewer")
    permissions = {"a stranger": NILS, "nobody": NO_AUTHOR, "a member without a share": TINA}
    rows = [
        {"who": who, **{verb: attempt(desk, verb, user_id=user) for verb in VERBS}}
        for who, user in permissions.items()
    ]
    for permission in ("viewer", "operator", "owner"):
        desk.on("share", with_user_id=TINA, permission=permission)
        rows.append({"who": permission, **{verb: attempt(desk, verb, user_id=TINA) for verb in VERBS}})
    elsewhere = {verb: attempt(desk, verb, workspace_id=uuid.UUID(int=2)) for verb in VERBS}
    assert [*rows, {"who": "the owner, in another workspace", **elsewhere}] == golden.rows


@pytest.mark.parametrize(
    ("verb", "act"),
    {
        "export_session": "export the session",
        "variables": "look into the session",
        "set_variable": "change a variable",
        "pause": "pause the session",
        "resume": "drive the session",
        "share": "share the session",
        "unshare": "unshare the session",
        "finish": "end the session",
        "cancel": "cancel the session",
    }.items(),
)
def test_refusal_of_a_stranger_names_the_act(desk, verb, act):
    desk.launch(CHAIN)
    options = {name: desk.engine if name == "engine" else value for name, value in VERBS[verb].items()}
    with pytest.raises(NotAuthorizedError, match=f" may not {act}: "):
        desk.on(verb, **options, user_id=NILS)


def test_verbs_of_each_state(desk, golden):
    rows = []
    desk.launch(CHAIN)
    rows.append({"state": desk.where()[0], **{verb: attempt(desk, verb) for verb in VERBS}})
    for verb in ("resume", "finish", "cancel"):
        if verb != "resume":
            desk.launch(CHAIN)
        desk.on(verb, engine=desk.engine)
        state = f"{desk.watched.status} after {verb}"
        rows.append({"state": state, **{verb: attempt(desk, verb) for verb in VERBS}})
    assert rows == golden.rows


REFUSED = {
    "go-on-in-an-unknown-mode": ("resume", {"mode": "sideways"}, InvalidValueError),
    "share-an-unknown-permission": ("share", {"with_user_id": VERA, "permission": "root"}, InvalidValueError),
    "share-with-nobody": ("share", {"with_user_id": NO_AUTHOR, "permission": "viewer"}, NotAuthorizedError),
    "unshare-who-has-no-share": ("unshare", {"with_user_id": VERA}, NotFoundError),
    "variable-without-a-name": ("set_variable", {"name": "", "value": 1}, InvalidValueError),
    "variable-that-no-reference-reaches": ("set_variable", {"name": "größe", "value": 1}, InvalidValueError),
    "variable-with-a-name-of-a-path": ("set_variable", {"name": "a.b", "value": 1}, InvalidValueError),
    "variable-that-is-not-json": ("set_variable", {"name": "total", "value": {1}}, InvalidValueError),
    "variable-that-is-infinite": ("set_variable", {"name": "total", "value": float("inf")}, InvalidValueError),
}
POINTS = {
    "breakpoint-on-an-unknown-step": ({"step_key": "nope"}, InvalidValueError),
    "breakpoint-with-a-broken-condition": ({"step_key": "two", "condition": "1 +"}, InvalidValueError),
    "breakpoint-with-a-call": ({"step_key": "two", "condition": "len(vars)"}, InvalidValueError),
    "breakpoint-on-what-is-not-in-scope": ({"step_key": "two", "condition": "env.x"}, InvalidValueError),
    "breakpoint-without-a-hit": ({"step_key": "two", "hit_limit": 0}, InvalidValueError),
    "breakpoint-with-half-a-hit": ({"step_key": "two", "hit_limit": 1.5}, InvalidValueError),
    "logpoint-with-a-broken-reference": ({"step_key": "two", "log_message": "${vars."}, InvalidValueError),
    "breakpoint-on-items-of-no-map": ({"step_key": "two", "condition": "item > 1"}, InvalidValueError),
    "breakpoint-in-an-unknown-workflow": ({"step_key": "two", "workflow_id": NO_AUTHOR}, NotFoundError),
    "breakpoint-of-a-viewer": ({"step_key": "two", "user_id": VERA}, NotAuthorizedError),
    "breakpoint-of-a-stranger": ({"step_key": "two", "user_id": NILS}, NotAuthorizedError),
}


@pytest.mark.parametrize(("verb", "options", "error"), REFUSED.values(), ids=REFUSED)
def test_refused_call_writes_nothing(desk, session, writes_nothing, verb, options, error):
    desk.launch(CHAIN)
    engine = {"engine": desk.engine} if verb == "resume" else {}
    with writes_nothing(), pytest.raises(error):
        desk.on(verb, **options, **engine)


@pytest.mark.parametrize(("options", "error"), POINTS.values(), ids=POINTS)
def test_a_breakpoint_that_is_refused_writes_nothing(desk, session, writes_nothing, options, error):
    desk.launch(CHAIN)
    with writes_nothing(), pytest.raises(error):
        desk.breakpoint(**options)


def test_a_breakpoint_of_another_workflow_stops_nothing(desk, session, golden):
    with golden.step("two workflows with a step of the same key"):
        other = desk.save(OTHER)
        desk.launch(CHAIN)
        desk.breakpoint("two", workflow_id=other.workflow_id)
    with golden.step("the breakpoint is passed and not counted"):
        assert desk.resume() == "completed"
    with golden.step("in its own workflow it stops"):
        desk.launch(OTHER, stop_on_entry=False)
        assert desk.where() == ("breakpoint", "two")
    assert session == golden.changes


def test_ended_session_refuses_every_verb(desk, session, golden):
    with golden.step("launch and finish"):
        desk.launch(CHAIN)
        desk.on("finish", engine=desk.engine)
    for verb in ("resume", "finish", "cancel"):
        with golden.step(verb), pytest.raises(IllegalTransitionError):
            desk.on(verb, engine=desk.engine)
    assert session == golden.changes
