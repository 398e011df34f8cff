"""Every verb and every query of the slice, enumerated: none reaches into another workspace."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

import pytest
from sqlalchemy import select

from controlplane import governance
from controlplane.errors import NotAuthorizedError, NotFoundError
from controlplane.governance import queries
from controlplane.models import Agent, Base

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]
NOT_VERBS = ("authorize", "list_actions", "check_permission", "execute_approved")  # they ask, or know no session
VERBS = sorted(
    name for name in governance.__all__ if inspect.isfunction(getattr(governance, name)) and name not in NOT_VERBS
)
# What verbs call when they have checked who asks. Nothing else that takes a session may stay out of VERBS.
BEHIND_VERBS = {
    "actions.action_levels": {"level_in"},
    "authorization": {"is_authorized", "require_member"},
    "review.approval": {"create_pending_run", "record_approval"},
    "autonomy": {"change_confidence", "lock_agent"},
    "review.approved_actions": {"list_approved"},  # for workers, which serve all workspaces
    "admission": {"check_trigger"},
    "actions.permissions": {"evaluate"},
    "overdue": {"list_overdue_workspaces"},  # for workers, too
    "review.proposals": {
        *("close", "estimate_for", "turn_down", "withdraw"),
        *("propose_action_of", "propose_training_of"),
    },
    "supervision.sessions": {"begin_supervision", "guidance_for", "link_run", "supervision_of_trigger"},
    "supervision.closing": {"resolve_trigger_of"},
    "supervision.supervised_run": {
        "correct_run",
        "fail_run",
        "lock_run",
        "pause_run",
        "resume_run",
        "terminate_run",
    },
    "triggers": {"block", "requeue", "resolve_waiting_for"},
}
WORKERS = ("record_approved", "claim_approved")  # they carry out what a person has decided
BUILDERS = sorted(
    f"{module.name}.{name}"
    for module in pkgutil.iter_modules(queries.__path__)
    for name, builder in inspect.getmembers(
        importlib.import_module(f"{queries.__name__}.{module.name}"), inspect.isfunction
    )
    if name.startswith("select_") and builder.__module__ == f"{queries.__name__}.{module.name}"
)


@pytest.fixture
def records(session, world):
    """One of each record in Acme."""

    def blocked(agent, source="schedule"):
        return governance.admit_trigger(
            session,
            workspace_id=world.acme,
            agent_id=getattr(world, agent),
            source=source,
            trigger_type="send_email",
        )

    training = governance.approve_training(session, blocked("sam").proposal, actor_id=world.tina)
    governance.start_training(session, training, actor_id=world.tina)
    blocked("sue")
    supervision = governance.claim_next(session, workspace_id=world.acme, supervisor_id=world.tina)
    governance.intervene(session, supervision, kind="correct", guidance="x", actor_id=world.tina)
    feedback = governance.submit_feedback(
        session, workspace_id=world.acme, agent_id=world.sue, user_id=world.milo, rating=1
    )
    made = blocked("ines")
    approved = blocked("ines").proposal
    governance.approve(session, approved, actor_id=world.tina)
    blocked("sue")
    return {
        "agent": session.get(Agent, world.sue),
        "proposal": made.proposal,
        "approved": approved,
        "proposed training": blocked("sam").proposal,
        "training": training,
        "supervision": supervision,
        "feedback": feedback,
        "trigger": made.trigger,
    }


# What each verb needs beside the session, the record or ids, and the person: enough to succeed for who may.
FACTS = {
    "adjudicate": {"accept": True},
    "add_member": {"email": "new@acme.example"},
    "change_role": {"role": "team_lead"},
    "change_specialty": {"specialty": "legal"},
    "complete_supervision": {"rating": 5},
    "import_agent": {
        "name": "x",
        "category": "x",
        "module_path": "x",
        "class_name": "x",
        "maturity_level": "intern",
    },
    "complete_training": {"score": 0.5},
    "admit_action": {"action": "search", "source": "event"},
    "admit_trigger": {"source": "event", "trigger_type": "x"},
    "intervene": {"kind": "correct", "guidance": "x"},
    "propose_action": {"title": "x", "action": "search"},
    "propose_training": {"title": "x"},
    "record_outcome": {"success": True},
    "review_by_agent": {"approved": True, "analysis": 1.0, "reasoning": "x"},
    "set_action_level": {"action": "x", "level": 2},
    "set_maturity": {"to": "intern"},
    "set_status": {"to": "paused"},
    "submit_feedback": {"rating": 3},
}
OTHERS = {"approve_training": "proposed training", "claim_approved": "approved"}  # not just any proposal
NEW_RECORDS = ("add_member", "import_agent", "set_action_level")  # allowed in the person's own workspace
MEMBERS = ("change_role", "change_specialty", "reinstate_member", "remove_member", "suspend_member")
PERSON = ("actor_id", "user_id", "proposer_id", "supervisor_id")


def order_in(workspace_id, proposal):
    return governance.ApprovedAction(
        workspace_id=workspace_id,
        proposal_id=proposal.id,
        execution_id=proposal.execution_id,
        action="send_email",
        parameters={},
    )


def call(session, verb, records, *, workspace_id, agent_id, person_id, world):
    """Call a verb as its signature asks: records from Acme, everything else as given."""
    if verb == "record_approved":
        order = order_in(workspace_id, records["approved"])
        return governance.record_approved(session, order, governance.ActionResult())
    function = getattr(governance, verb)
    arguments = dict(FACTS.get(verb, {}))
    given = {"workspace_id": workspace_id, "agent_id": agent_id, "reviewer_agent_id": world.zed}
    positional = [session]
    parameters = inspect.signature(function).parameters
    for name, parameter in list(parameters.items())[1:]:
        if parameter.kind is parameter.POSITIONAL_OR_KEYWORD:
            positional.append(records[OTHERS.get(verb, name)])
        elif name in given:
            arguments[name] = given[name]
        elif name == "supervisor_id" and "actor_id" in parameters:
            continue  # who is present beside the person who asks
        elif name == "user_id" and verb in MEMBERS:
            arguments[name] = world.milo
        elif name in PERSON:
            arguments[name] = person_id
        elif name == "reason" and parameter.default is parameter.empty:
            arguments[name] = "x"
        elif name.endswith("_id") and name.removesuffix("_id") in records:
            arguments[name] = records[OTHERS.get(verb, name.removesuffix("_id"))].id
    return function(*positional, **arguments)


def call_member(session, world, verb):
    names = {"workspace_id": world.acme, "user_id": world.milo, "actor_id": world.olga, "reason": "x"}
    getattr(governance, verb)(session, **names)


def everything(session):
    session.expire_all()
    return {
        table.name: sorted(map(str, session.execute(select(table)).all())) for table in Base.metadata.sorted_tables
    }


@pytest.mark.parametrize("verb", sorted(set(VERBS) - set(NEW_RECORDS)))
def test_other_workspace_is_rejected_by_every_verb(session, world, records, verb):
    """Nils owns Globex. With the ids and even the records of Acme in hand he gets nowhere."""
    before = everything(session)
    try:
        result = call(
            session,
            verb,
            records,
            workspace_id=world.globex,
            agent_id=world.sue,
            person_id=world.nils,
            world=world,
        )
    except (NotAuthorizedError, NotFoundError):
        result = "refused"
    nothing = result in ("refused", None, 0) or (verb in ("admit_action", "admit_trigger") and not result.may_run)
    assert nothing, result
    assert everything(session) == before


@pytest.mark.parametrize("verb", VERBS)
def test_non_member_is_rejected_by_every_verb(session, world, records, verb):
    """Nils names Acme itself: every verb that takes a person refuses him."""
    parameters = inspect.signature(getattr(governance, verb)).parameters
    if not set(PERSON) & set(parameters):
        assert verb.startswith(("get_", "expire_", "escalate_")) or verb in ("review_by_agent", *WORKERS)
        return
    before = everything(session)
    with pytest.raises(NotAuthorizedError, match="not a member of this workspace"):
        call(
            session, verb, records, workspace_id=world.acme, agent_id=world.sue, person_id=world.nils, world=world
        )
    assert everything(session) == before


@pytest.mark.parametrize("verb", VERBS)
def test_a_viewer_does_nothing_at_all(session, world, records, verb):
    if not set(PERSON) & set(inspect.signature(getattr(governance, verb)).parameters):
        return
    before = everything(session)
    with pytest.raises(NotAuthorizedError, match="the least role is"):
        call(
            session, verb, records, workspace_id=world.acme, agent_id=world.sue, person_id=world.vera, world=world
        )
    assert everything(session) == before


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"review_by_agent", "start_training"}))
def test_authorized_person_is_accepted_by_every_verb(session, world, records, verb):
    """The control of the tests above: it is who asks that was refused, not how."""
    if verb == "resume_supervision":
        governance.intervene(session, records["supervision"], kind="pause", guidance="x", actor_id=world.tina)
    if verb == "reinstate_member":
        call_member(session, world, "suspend_member")
    if verb == "record_approved":
        governance.claim_approved(session, workspace_id=world.acme, proposal_id=records["approved"].id)
    call(session, verb, records, workspace_id=world.acme, agent_id=world.sue, person_id=world.olga, world=world)


# The person of the least role that each verb takes; Mara is a member who knows the field of the agents.
LEAST = {
    **dict.fromkeys(("admit_action", "admit_trigger", "propose_action", "propose_training"), "milo"),
    **dict.fromkeys(("record_outcome", "submit_feedback"), "milo"),
    "adjudicate": "mara",
    **dict.fromkeys(("approve", "reject", "cancel_proposal", "approve_training", "start_training"), "tina"),
    **dict.fromkeys(("complete_training", "fail_training", "cancel_training"), "tina"),
    **dict.fromkeys(("claim_next", "start_supervision", "intervene", "resume_supervision"), "tina"),
    **dict.fromkeys(("complete_supervision", "fail_supervision"), "tina"),
    **dict.fromkeys(
        ("set_maturity", "set_status", "add_member", "import_agent", "set_action_level", *MEMBERS), "adam"
    ),
}
UPWARDS = ("vera", "milo", "mara", "tina", "adam", "olga")


@pytest.mark.parametrize("verb", sorted(LEAST))
def test_each_verb_takes_its_own_role(session, world, records, verb):
    if verb == "resume_supervision":
        governance.intervene(session, records["supervision"], kind="pause", guidance="x", actor_id=world.tina)
    if verb == "reinstate_member":
        call_member(session, world, "suspend_member")
    if verb == "start_training":
        records["training"] = governance.approve_training(
            session, records["proposed training"], actor_id=world.tina
        )
    everyone = {"workspace_id": world.acme, "agent_id": world.sue, "world": world}
    for person in UPWARDS[: UPWARDS.index(LEAST[verb])]:
        with pytest.raises(NotAuthorizedError):
            call(session, verb, records, person_id=getattr(world, person), **everyone)
    call(session, verb, records, person_id=getattr(world, LEAST[verb]), **everyone)


def test_the_roles_of_all_verbs_that_ask_for_a_person_are_tried():
    ask = {v for v in VERBS if set(PERSON) & set(inspect.signature(getattr(governance, v)).parameters)}
    assert set(LEAST) == ask


def arguments_of(builder, world, records, workspace_id):
    given = {
        "workspace_id": workspace_id,
        "agent_id": world.sue,
        "user_id": world.tina,
        "category": "finance",
        "action": "x",
        "execution_id": records["approved"].execution_id,
        **{f"{name}_id": record.id for name, record in records.items() if name != "agent"},
        "now": records["proposal"].created_at,
        "lost_before": records["proposal"].created_at,
        "begun_before": records["proposal"].created_at,
    }
    required = [
        name
        for name, parameter in inspect.signature(builder).parameters.items()
        if parameter.default is parameter.empty
    ]
    return {name: given[name] for name in ("workspace_id", *required)}


@pytest.mark.parametrize("name", BUILDERS)
def test_no_query_shows_a_row_of_another_workspace(session, world, records, name):
    """Asked from Globex with ids of Acme, and from Acme: only Acme sees what is Acme's."""
    module, function = name.split(".")
    builder = getattr(importlib.import_module(f"{queries.__name__}.{module}"), function)
    assert inspect.signature(builder).parameters["workspace_id"].kind is inspect.Parameter.KEYWORD_ONLY
    rows = session.execute(builder(**arguments_of(builder, world, records, world.globex))).all()
    assert not any(str(world.sue) in str(row) or "Sue" in str(row) for row in rows)
    for row in rows:
        for cell in row:
            assert getattr(cell, "workspace_id", world.globex) == world.globex
            assert cell not in {world.sue, world.sam, world.ines, world.otto, world.olaf, world.pia}


def test_the_enumeration_is_whole():
    """A verb or query is looked for in every module, so that a new one can't stay out of the tests above."""
    assert len(BUILDERS) == len(set(BUILDERS)) > 20
    prefix = f"{governance.__name__}."
    for module in pkgutil.walk_packages(governance.__path__, prefix):
        path, short = module.name, module.name.removeprefix(prefix)
        found = {name for name, value in vars(importlib.import_module(path)).items() if is_verb(value, path)}
        assert found - set(VERBS) - set(NOT_VERBS) == BEHIND_VERBS.get(short, set()), short
    for verb in VERBS:
        parameters = list(inspect.signature(getattr(governance, verb)).parameters.values())[1:]
        records = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
        assert records or "workspace_id" in {p.name for p in parameters}, verb


def is_verb(value, module):
    """Say whether this is a public function of the module itself that is given a session."""
    if not inspect.isfunction(value) or value.__module__ != module or value.__name__.startswith("_"):
        return False
    return "session" in inspect.signature(value).parameters
