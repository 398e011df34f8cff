"""What is not sound is refused by an error that names the field and the value, and nothing is written."""

from __future__ import annotations

import uuid

import pytest

from controlplane import governance as g
from controlplane.errors import InvalidValueError, NotFoundError

pytestmark = [pytest.mark.seed("governance"), pytest.mark.usefixtures("send_email")]
NO_AUTHOR = uuid.UUID(int=404)
LONG = "x" * 201
HUGE = "x" * 20_001


def cyclic():
    value = {}
    value["self"] = value
    return value


NOT_JSON = {"set": {1}, "nan": float("nan"), "bytes": b"x", "cyclic": cyclic(), "number as key": {1: 2}}

# verb, what is wrong, field of the error, the bad facts
CASES = [
    *[("admit_trigger", f"source {v!r}", "source", {"source": v}) for v in ("magic", "", None, 7)],
    *[
        ("admit_trigger", f"type {str(v)[:9]!r}", "trigger_type", {"trigger_type": v})
        for v in ("", "  ", None, LONG)
    ],
    *[("admit_trigger", f"context {name}", "context", {"context": {"k": v}}) for name, v in NOT_JSON.items()],
    *[("admit_trigger", f"context {v!r}", "context", {"context": v}) for v in ("{}", [], 7)],
    *[("admit_trigger", f"priority {v!r}", "priority", {"priority": v}) for v in (-1, 10, 1.5, True, "1", None)],
    *[("admit_action", f"action {str(v)[:9]!r}", "trigger_type", {"action": v}) for v in ("", None, LONG)],
    ("admit_action", "parameters as text", "context", {"parameters": "{}"}),
    *[("submit_feedback", f"rating {v!r}", "rating", {"rating": v}) for v in (0, 6, -1, 3.5, "5", True)],
    ("submit_feedback", "nothing said", "rating", {"rating": None}),
    *[("submit_feedback", f"correction {v[:9]!r}", "user_correction", {"user_correction": v}) for v in ("", HUGE)],
    *[
        ("submit_feedback", f"{field} too long", field, {field: HUGE})
        for field in ("original_output", "input_context")
    ],
    *[("propose_action", f"title {str(v)[:9]!r}", "title", {"title": v}) for v in ("", None, LONG, "a\0b")],
    *[("propose_action", f"action {str(v)[:9]!r}", "action", {"action": v}) for v in ("", None, LONG)],
    *[("propose_action", f"parameters {v!r}", "parameters", {"parameters": v}) for v in ("{}", [1], {"k": {1}})],
    ("propose_action", "description too long", "description", {"description": HUGE}),
    ("propose_action", "empty reasoning", "reasoning", {"reasoning": ""}),
    *[
        ("propose_training", f"gaps {v!r}", "capability_gaps", {"capability_gaps": v})
        for v in ("reconcile", [""], [7], None)
    ],
    *[("record_outcome", f"impact {v!r}", "impact", {"impact": v}) for v in ("huge", None)],
    *[("set_maturity", f"level {v!r}", "maturity_level", {"to": v}) for v in ("expert", None, "")],
    *[("set_maturity", f"reason {str(v)[:9]!r}", "reason", {"reason": v}) for v in ("", None, "x" * 2001)],
    *[("set_status", f"status {v!r}", "status", {"to": v}) for v in ("asleep", None)],
    ("set_status", "no reason", "reason", {"reason": " "}),
    *[("reject", f"reason {v!r}", "reason", {"reason": v}) for v in ("", None)],
    ("cancel_proposal", "no reason", "reason", {"reason": ""}),
    *[("approve", f"modifications {v!r}", "modifications", {"modifications": v}) for v in ("{}", [], {"k": {1}})],
    ("approve", "no action left", "action", {"modifications": {"action": None}}),
    ("approve", "parameters replaced by text", "parameters", {"modifications": {"parameters": "x"}}),
    ("approve", "empty comments", "comments", {"comments": ""}),
    *[("approve_training", f"hours {v!r}", "hours", {"hours": v}) for v in (0, -1, 10_001, "8", float("nan"))],
    *[
        ("approve_training", f"hours a day {v!r}", "hours_per_day", {"hours_per_day": v})
        for v in (0, 24.5, None, True)
    ],
    *[
        ("complete_training", f"score {v!r}", "score", {"score": v})
        for v in (-0.01, 1.01, float("nan"), float("inf"), None, "1", True)
    ],
    (
        "complete_training",
        "more tasks than there were",
        "tasks_completed",
        {"tasks_completed": 2, "tasks_total": 1},
    ),
    ("approve_training", "empty comments", "comments", {"comments": ""}),
    ("complete_training", "negative tasks", "tasks_total", {"tasks_total": -1}),
    ("complete_training", "negative errors", "errors_count", {"errors_count": -1}),
    ("complete_training", "capabilities as text", "capabilities_developed", {"capabilities_developed": "a"}),
    ("complete_training", "feedback too long", "feedback", {"feedback": HUGE}),
    ("fail_training", "no reason", "reason", {"reason": ""}),
    ("cancel_training", "no reason", "reason", {"reason": None}),
    ("start_supervision", "context as list", "context", {"context": []}),
    *[("intervene", f"kind {v!r}", "kind", {"kind": v}) for v in ("shout", None)],
    *[("intervene", f"guidance {str(v)[:9]!r}", "guidance", {"guidance": v}) for v in ("", None, HUGE)],
    *[("complete_supervision", f"rating {v!r}", "rating", {"rating": v}) for v in (0, 6, 4.5, None, True)],
    ("fail_supervision", "no reason", "reason", {"reason": ""}),
    *[("review_by_agent", f"analysis {v!r}", "analysis", {"analysis": v}) for v in (-1, 2, None)],
    ("review_by_agent", "no reasoning", "reasoning", {"reasoning": ""}),
]


@pytest.fixture
def sound(session, world):
    """For each verb a call that would succeed."""
    acme = {"workspace_id": world.acme}
    made = g.admit_trigger(session, **acme, agent_id=world.ines, source="event", trigger_type="send_email")
    trained = g.propose_training(session, **acme, agent_id=world.sam, title="Learn")
    planned = g.propose_training(session, **acme, agent_id=world.sam, title="Learn more")
    training = g.approve_training(session, trained, actor_id=world.tina)
    g.start_training(session, training, actor_id=world.tina)
    supervision = g.start_supervision(session, **acme, agent_id=world.sue, supervisor_id=world.tina)
    olga = {"actor_id": world.olga}
    return {
        "admit_trigger": ((), {**acme, "agent_id": world.otto, "source": "event", "trigger_type": "x"}),
        "admit_action": ((), {**acme, "agent_id": world.otto, "source": "event", "action": "search"}),
        "submit_feedback": ((), {**acme, "agent_id": world.otto, "user_id": world.olga, "rating": 5}),
        "propose_action": ((), {**acme, "agent_id": world.otto, "title": "x", "action": "search"}),
        "propose_training": ((), {**acme, "agent_id": world.sam, "title": "x"}),
        "record_outcome": ((), {**acme, "agent_id": world.otto, "success": True}),
        "set_maturity": ((world.agent(session, "sue"),), {**olga, "to": "intern", "reason": "x"}),
        "set_status": ((world.agent(session, "sue"),), {**olga, "to": "paused", "reason": "x"}),
        "reject": ((made.proposal,), {**olga, "reason": "x"}),
        "cancel_proposal": ((made.proposal,), {**olga, "reason": "x"}),
        "approve": ((made.proposal,), olga),
        "approve_training": ((planned,), olga),
        "complete_training": ((training,), {**olga, "score": 0.5}),
        "fail_training": ((training,), {**olga, "reason": "x"}),
        "cancel_training": ((training,), {**olga, "reason": "x"}),
        "start_supervision": ((), {**acme, "agent_id": world.sue, "supervisor_id": world.tina}),
        "intervene": ((supervision,), {**olga, "kind": "correct", "guidance": "x"}),
        "complete_supervision": ((supervision,), {**olga, "rating": 5}),
        "fail_supervision": ((supervision,), {**olga, "reason": "x"}),
        "review_by_agent": (
            (made.proposal,),
            {"reviewer_agent_id": world.otto, "approved": True, "analysis": 1.0, "reasoning": "x"},
        ),
    }


@pytest.mark.max_queries(6)
def test_invalid_value_is_refused_and_nothing_is_written(session, sound, writes_nothing):
    for verb, wrong, field, facts in CASES:
        records, arguments = sound[verb]
        with writes_nothing(), pytest.raises(InvalidValueError) as caught:
            getattr(g, verb)(session, *records, **{**arguments, **facts})
        assert caught.value.field == field, wrong
        assert str(caught.value).startswith(f"{field} can't be ")
        assert len(str(caught.value)) < 400


@pytest.mark.parametrize("verb", sorted({verb for verb, *_ in CASES}))
def test_the_same_call_without_the_fault_gets_through(session, sound, verb):
    records, arguments = sound[verb]
    getattr(g, verb)(session, *records, **arguments)


UNKNOWN = {
    "record_outcome": {"success": True},
    "submit_feedback": {"rating": 5},
    "propose_action": {"title": "x", "action": "search"},
    "propose_training": {"title": "x"},
    "start_supervision": {},
}


@pytest.mark.parametrize("verb", sorted(UNKNOWN))
@pytest.mark.max_queries(2)
def test_an_unknown_agent_is_not_found(session, writes_nothing, world, verb):
    person = {"submit_feedback": {"user_id": world.olga}, "start_supervision": {"supervisor_id": world.tina}}
    with writes_nothing(), pytest.raises(NotFoundError, match=f"no agent {NO_AUTHOR}"):
        getattr(g, verb)(
            session, workspace_id=world.acme, agent_id=NO_AUTHOR, **UNKNOWN[verb], **person.get(verb, {})
        )


@pytest.mark.parametrize(
    ("get", "record"),
    [
        *(("get_feedback", "agent_feedback"), ("get_proposal", "proposal"), ("get_trigger", "blocked_trigger")),
        *(("get_training", "training_session"), ("get_supervision", "supervision_session")),
    ],
)
def test_an_unknown_record_is_not_found(session, world, get, record):
    key = {"get_feedback": "feedback_id", "get_proposal": "proposal_id", "get_trigger": "trigger_id"}
    name = key.get(get, f"{get.removeprefix('get_')}_id")
    with pytest.raises(NotFoundError) as caught:
        getattr(g, get)(session, workspace_id=world.acme, **{name: NO_AUTHOR})
    assert (caught.value.record, caught.value.id) == (record, NO_AUTHOR)


def test_an_unknown_execution_is_not_found(session, world):
    with pytest.raises(NotFoundError, match="agent_execution"):
        g.submit_feedback(
            session,
            workspace_id=world.acme,
            agent_id=world.sue,
            user_id=world.olga,
            rating=5,
            execution_id=NO_AUTHOR,
        )
