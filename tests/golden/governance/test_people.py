"""The members of a workspace: each verb, who may use it, and the owner who stays."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from controlplane import governance as g
from controlplane.errors import (
    IllegalTransitionError,
    InvalidValueError,
    LastOwnerError,
    NotAuthorizedError,
    NotFoundError,
)
from controlplane.governance.queries.audit import select_audit_trail
from controlplane.governance.queries.members import select_members
from controlplane.models import LifecycleEvent, User, WorkspaceMember

pytestmark = pytest.mark.seed("governance")


def on(verb, session, world, who, by="adam", **facts):
    given = {"reason": "asked for", **facts}
    return verb(
        session, workspace_id=world.acme, user_id=getattr(world, who), actor_id=getattr(world, by), **given
    )


def add(session, world, email="new@acme.example", by="adam", **facts):
    return g.add_member(session, workspace_id=world.acme, email=email, actor_id=getattr(world, by), **facts)


def may_trigger(session, world, who):
    try:
        g.authorize(session, workspace_id=world.acme, user_id=getattr(world, who), permission=g.Permission.TRIGGER)
    except NotAuthorizedError:
        return False
    return True


def test_members_are_added_moved_and_removed(session, golden, world):
    with golden.step("add"):
        add(session, world, name="Nora", role="team_lead", specialty="legal", reason="joins")
    with golden.step("suspend"):
        on(g.suspend_member, session, world, "milo")
    with golden.step("reinstate"):
        on(g.reinstate_member, session, world, "milo")
    with golden.step("remove"):
        on(g.remove_member, session, world, "milo")
    with golden.step("add again"):
        add(session, world, email="milo@acme.example")
    with golden.step("role"):
        on(g.change_role, session, world, "milo", role="team_lead")
    with golden.step("specialty"):
        on(g.change_specialty, session, world, "milo", specialty="finance")
    assert session == golden.changes


def test_members_are_listed_by_email(session, golden, world):
    on(g.suspend_member, session, world, "milo")
    on(g.remove_member, session, world, "vera")
    assert session.execute(select_members(workspace_id=world.acme)) == golden.rows


@pytest.mark.parametrize("verb", [g.suspend_member, g.remove_member])
def test_inactive_membership_gives_no_right(session, world, verb):
    assert may_trigger(session, world, "milo")
    on(verb, session, world, "milo")
    assert not may_trigger(session, world, "milo")


def test_removed_person_keeps_role_and_name_when_added_again(session, world):
    on(g.remove_member, session, world, "tina")
    again = add(session, world, email="tina@acme.example", name="Other")
    assert (again.id, again.name, again.role) == (world.tina, "Tina", "team_lead")


LOSING = {
    "remove": lambda *given: on(g.remove_member, *given, "olga", by="olga"),
    "suspend": lambda *given: on(g.suspend_member, *given, "olga", by="olga"),
    "change role": lambda *given: on(g.change_role, *given, "olga", by="olga", role="admin"),
}


@pytest.mark.parametrize("verb", LOSING)
def test_last_owner_stays(session, world, verb):
    with pytest.raises(LastOwnerError):
        LOSING[verb](session, world)
    g.add_member(session, workspace_id=world.acme, email="second@acme.example", role="owner", actor_id=world.olga)
    LOSING[verb](session, world)


def test_suspended_owner_does_not_count_as_the_other_owner(session, world):
    second = add(session, world, by="olga", role="owner")
    g.suspend_member(session, workspace_id=world.acme, user_id=second.id, actor_id=world.olga, reason="x")
    with pytest.raises(LastOwnerError):
        on(g.remove_member, session, world, "olga", by="olga")


@pytest.mark.parametrize("by", ["tina", "mara", "milo", "vera", "nils"])
def test_members_are_managed_by_admins_and_owners_only(session, world, by):
    verbs = [
        lambda: add(session, world, by=by),
        lambda: on(g.remove_member, session, world, "milo", by=by),
        lambda: on(g.suspend_member, session, world, "milo", by=by),
        lambda: on(g.change_role, session, world, "milo", by=by, role="viewer"),
        lambda: on(g.change_specialty, session, world, "milo", by=by, specialty=None),
    ]
    for verb in verbs:
        with pytest.raises(NotAuthorizedError, match="manage the members"):
            verb()


OWNERS = {
    "add": lambda *given: add(*given, role="owner"),
    "remove": lambda *given: on(g.remove_member, *given, "olga"),
    "suspend": lambda *given: on(g.suspend_member, *given, "olga"),
    "unmake": lambda *given: on(g.change_role, *given, "olga", role="member"),
    "make": lambda *given: on(g.change_role, *given, "milo", role="owner"),
    "specialty": lambda *given: on(g.change_specialty, *given, "olga", specialty="x"),
}


@pytest.mark.parametrize("verb", OWNERS)
def test_admin_does_not_manage_owners(session, world, verb):
    with pytest.raises(NotAuthorizedError, match="only an owner manages owners"):
        OWNERS[verb](session, world)


def test_role_changes_in_every_workspace_of_the_person_or_in_none(session, world):
    session.add(WorkspaceMember(workspace_id=world.globex, user_id=world.milo))
    session.flush()
    with pytest.raises(NotAuthorizedError):
        on(g.change_role, session, world, "milo", role="admin", by="olga")
    session.add(WorkspaceMember(workspace_id=world.globex, user_id=world.olga))
    session.flush()
    on(g.change_role, session, world, "milo", role="admin", by="olga")
    for workspace_id in (world.acme, world.globex):
        [event] = session.scalars(select_audit_trail(workspace_id=workspace_id, record_id=world.milo))
        assert (event.from_status, event.to_status, event.actor_id) == ("member", "admin", world.olga)


def test_last_owner_of_another_workspace_stays(session, world):
    session.add(WorkspaceMember(workspace_id=world.acme, user_id=world.nils))
    session.flush()
    with pytest.raises(LastOwnerError):
        on(g.change_role, session, world, "nils", role="member", by="nils")


BAD = {
    "no address": lambda *given: add(*given, email="x"),
    "no domain": lambda *given: add(*given, email="x@"),
    "blank inside": lambda *given: add(*given, email="a b@x"),
    "unknown role": lambda *given: add(*given, role="king"),
    "other role": lambda *given: add(*given, email="nils@globex.example", role="member"),
    "same role": lambda *given: on(g.change_role, *given, "milo", role="member"),
    "no reason": lambda *given: on(g.remove_member, *given, "milo", reason=" "),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_refused(session, world, case):
    with pytest.raises(InvalidValueError):
        BAD[case](session, world)
    assert session.scalars(select(User).where(User.name == "x")).all() == []


def test_member_is_not_added_twice(session, world):
    on(g.suspend_member, session, world, "milo")
    for email in ("milo@acme.example", "tina@acme.example"):
        with pytest.raises(IllegalTransitionError):
            add(session, world, email=email)


def test_stranger_is_not_found(session, world):
    with pytest.raises(NotFoundError):
        on(g.suspend_member, session, world, "nils")
    on(g.remove_member, session, world, "milo")
    with pytest.raises(NotFoundError):
        on(g.change_role, session, world, "milo", role="viewer")


def imported(session, world, by="adam", level="supervised", confidence=None):
    return g.import_agent(
        session,
        workspace_id=world.acme,
        name="Ida",
        category="finance",
        module_path="old",
        class_name="Ida",
        maturity_level=level,
        confidence_score=confidence,
        actor_id=getattr(world, by),
        reason="from the old system",
    )


def test_agent_is_imported_with_its_maturity(session, golden, world):
    with golden.step("import"):
        agent = imported(session, world, confidence=0.75)
    assert (agent.maturity_level, agent.confidence_score, agent.status) == ("supervised", 0.75, "active")
    assert session == golden.changes
    events = session.scalars(select(LifecycleEvent).where(LifecycleEvent.record_id == agent.id)).all()
    assert {(event.actor_id, event.reason) for event in events} == {(world.adam, "from the old system")}


@pytest.mark.parametrize(
    ("level", "confidence", "stored"),
    [
        *(("student", None, 0.4), ("intern", None, 0.5), ("supervised", None, 0.7), ("autonomous", None, 0.9)),
        *(("student", 0.0, 0.0), ("student", 0.6, 0.6), ("autonomous", 1.0, 1.0), ("intern", 0.5, 0.5)),
    ],
)
def test_imported_confidence_stands_for_the_level(session, world, level, confidence, stored):
    agent = imported(session, world, level=level, confidence=confidence)
    assert (agent.maturity_level, agent.confidence_score) == (level, stored)


@pytest.mark.parametrize(("level", "confidence"), [("intern", 0.4999), ("autonomous", 0.89), ("king", 0.5)])
def test_import_beyond_the_confidence_is_refused(session, world, level, confidence):
    with pytest.raises(InvalidValueError):
        imported(session, world, level=level, confidence=confidence)


def test_known_agent_is_not_imported(session, world):
    imported(session, world)
    with pytest.raises(InvalidValueError, match="registered already"):
        imported(session, world, level="autonomous")


@pytest.mark.parametrize("by", ["tina", "milo", "vera", "nils"])
def test_agents_are_imported_by_admins_and_owners_only(session, world, by):
    with pytest.raises(NotAuthorizedError, match="import an agent"):
        imported(session, world, by=by)
