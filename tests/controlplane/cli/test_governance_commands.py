"""Agents, proposals, trainings, supervisions, feedback and canvases, as people type them."""

from __future__ import annotations

import json
import uuid

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane import actions, agents, governance
from controlplane.canvas import Author, present
from controlplane.database import create_engine
from controlplane.models import Maturity, User, Workspace


@pytest.fixture
def governed(terminal):
    """A terminal whose workspace has an agent of each maturity, and what governance made of their triggers."""
    database = create_engine(terminal.url)
    with Session(database) as session, session.begin(), actions.registered(search=lambda *_, **__: {"found": 1}):
        workspace_id = session.scalars(select(Workspace.id)).one()
        owner = session.scalars(select(User.id)).one()
        for maturity in Maturity:
            identity = {"category": "finance", "module_path": "m", "class_name": str(maturity)}
            agent = agents.register(session, workspace_id=workspace_id, name=f"{maturity} bot", **identity)
            if maturity is not Maturity.STUDENT:
                governance.set_maturity(session, agent, to=maturity, actor_id=owner, reason="start")
            governance.admit_trigger(
                session,
                workspace_id=workspace_id,
                agent_id=agent.id,
                source="schedule",
                trigger_type="search",
                context={"n": 1},
            )
        author = Author(user_id=owner)
        present(session, workspace_id=workspace_id, type="chart", content={"a": 1}, author=author)
    database.dispose()
    with actions.registered(search=lambda *_, **__: {"found": 1}):
        yield terminal


FORGET_USER = (
    "refused: level 4 requires the maturity autonomous; the agent is student; "
    "the action is not registered, and its name has no known level"
)


def listed(terminal, *words):
    return json.loads(terminal(*words, "--json"))


def test_runs_of_agents_are_listed_newest_first(terminal):
    for name in ("Greeter", "Other"):
        terminal("agent", "register", name, "--category", "talk", "--module", f"bots.{name}")
        terminal("agent", "trigger", name, "nightly")
    listed = json.loads(terminal("agent", "runs", "--json"))
    assert [(run["status"], run["triggered_by"]) for run in listed] == [("pending", "manual")] * 2
    assert listed[0]["created_at"] > listed[1]["created_at"]
    assert json.loads(terminal("agent", "runs", "--agent", "Greeter", "--limit", "1", "--json")) == listed[1:]
    assert json.loads(terminal("agent", "runs", "--status", "completed", "--json")) == []
    assert terminal("agent", "runs", "--agent", "Other").splitlines()[1].split()[:4] == [
        *(listed[0]["id"][:8], "Other", "pending", "manual")
    ]


def test_agent_is_registered_shown_paused_activated_and_promoted(terminal):
    said = terminal("agent", "register", "Ada", "--category", "finance", "--module", "bots.ada")
    assert " active student 0.40" in said
    assert "Ada" in terminal("agent", "list")
    assert terminal("agent", "pause", "Ada").split()[2] == "paused"
    assert terminal("agent", "activate", "Ada").split()[2] == "active"
    assert terminal("agent", "promote", "Ada", "--to", "intern", "--reason", "proved").split()[3] == "intern"
    shown = listed(terminal, "agent", "show", "Ada")
    assert shown["maturity_level"] == "intern"
    assert [event["to_status"] for event in shown["history"]][:3] == ["active", "paused", "active"]


def test_agent_is_stopped_deprecated_and_deleted(governed):
    assert governed("agent", "stop", "intern bot").split()[2] == "stopped"
    assert "the agent is stopped" in governed("agent", "check", "intern bot", "search")
    assert governed("agent", "activate", "intern bot").split()[2] == "active"
    assert governed("agent", "deprecate", "intern bot").split()[2] == "deprecated"
    assert governed("agent", "delete", "intern bot").split()[2] == "deleted"
    assert "no such transition" in governed.refused("agent", "activate", "intern bot")


@pytest.mark.parametrize(
    ("name", "action", "said"),
    [
        ("student bot", "search", "allowed: student is enough for level 1"),
        ("student bot", "forget_user", FORGET_USER),
        ("supervised bot", "send_email", "allowed after approval: supervised is enough for level 3"),
    ],
)
def test_permission_of_an_agent_is_checked(governed, name, action, said):
    assert governed("agent", "check", name, action).strip() == said
    assert listed(governed, "agent", "check", name, action)["reason"] in said


@pytest.mark.parametrize(
    ("words", "decision", "written"),
    [
        (("student bot", "--source", "event"), "training", ("trigger", "proposal")),
        (("intern bot", "--source", "event"), "proposal", ("trigger", "proposal")),
        (("supervised bot", "--source", "event"), "supervision", ("trigger",)),
        (("supervised bot", "--source", "event", "--supervise"), "supervision", ("supervision",)),
        (("student bot",), "execution", ("execution",)),
    ],
)
def test_trigger_is_decided_by_source_and_maturity(governed, words, decision, written):
    made = listed(governed, "agent", "trigger", words[0], "nightly", *words[1:], "--context", "n=1")
    assert made["decision"] == decision
    assert tuple(name for name in ("execution", "trigger", "proposal", "supervision") if made[name]) == written
    assert governed("agent", "trigger", *words, "nightly").startswith(f"{decision}: ")


def test_priority_of_a_trigger_orders_the_queue(governed):
    governed("agent", "trigger", "supervised bot", "urgent", "--source", "event", "--priority", "5")
    assert [one["trigger_type"] for one in listed(governed, "trigger", "list", "--queue")] == ["urgent", "search"]


def test_outcome_moves_confidence(governed):
    assert governed("agent", "outcome", "intern bot", "--success").strip() == "confidence 0.51 intern"
    made = listed(governed, "agent", "outcome", "intern bot", "--failure", "--impact", "high")
    assert (made["before"], made["after"], made["confidence_score"]) == ("intern", "student", 0.41)


def test_action_is_proposed_by_a_person_and_runs_when_approved(governed):
    made = listed(governed, "proposal", "action", "intern bot", "search", "--set", "n=2", "--reasoning", "asked")
    assert made["proposed_action"] == {"action": "search", "parameters": {"n": 2}}
    assert governed("proposal", "approve", made["id"]).strip() == "executed"


def test_training_is_proposed_with_an_estimate_and_fails(governed):
    made = listed(governed, "proposal", "training", "student bot", "--gap", "search", "--gap", "pay")
    assert (made["capability_gaps"], made["estimated_hours"]) == (["search", "pay"], 25.0)
    assert "no effect on a proposed training" in governed.refused(
        "proposal", "approve", made["id"], "--set", "n=1"
    )
    governed("proposal", "approve", made["id"])
    (training,) = listed(governed, "training", "list")
    governed("training", "start", training["id"])
    assert governed("training", "fail", training["id"], "--reason", "no time").strip() == "failed"


@pytest.mark.parametrize("option", ["--hours", "--hours-per-day"])
def test_hours_of_a_proposed_action_are_refused(governed, option):
    made = listed(governed, "proposal", "action", "intern bot", "search")
    assert "no effect on a proposed action" in governed.refused("proposal", "approve", made["id"], option, "2")


def test_supervision_is_started_on_a_run_and_fails_with_it(governed):
    run = listed(governed, "agent", "trigger", "supervised bot", "nightly")["execution"]
    made = listed(governed, "supervision", "start", "supervised bot", "--run", run)
    assert made["execution_id"] == run
    assert "watched already" in governed.refused("supervision", "start", "supervised bot", "--run", run)
    assert governed("supervision", "fail", made["id"], "--reason", "broken").split()[-1] == "failed"


def test_proposal_of_an_intern_is_approved_and_its_action_runs(governed):
    (waiting,) = [one for one in listed(governed, "proposal", "list") if one["proposal_type"] == "action"]
    assert "intern bot" in governed("proposal", "list", "--pending")
    assert "search" in governed("proposal", "show", waiting["id"])
    assert governed("proposal", "approve", waiting["id"][:13], "--comment", "fine").strip() == "executed"
    assert listed(governed, "proposal", "show", waiting["id"])["execution_result"]["result"] == {"found": 1}


def test_proposal_is_rejected_with_a_reason_and_cancelled(governed):
    by_type = {one["proposal_type"]: one["id"] for one in listed(governed, "proposal", "list")}
    assert governed("proposal", "reject", by_type["action"], "--reason", "no").strip() == "rejected"
    assert governed("proposal", "cancel", by_type["training"], "--reason", "no").strip() == "cancelled"
    assert "no such transition" in governed.refused("proposal", "approve", by_type["action"])


def test_training_is_approved_started_and_completed(governed):
    (waiting,) = [one for one in listed(governed, "proposal", "list") if one["proposal_type"] == "training"]
    governed("proposal", "approve", waiting["id"], "--hours", "4")
    (training,) = listed(governed, "training", "list")
    assert governed("training", "start", training["id"]).strip() == "in_progress"
    assert governed("training", "complete", training["id"], "--score", "0.9").strip() == "completed"
    assert "student bot" in governed("training", "list")
    assert listed(governed, "agent", "show", "student bot")["maturity_level"] == "intern"


def test_supervision_is_claimed_corrected_and_completed(governed):
    assert "supervised bot" in governed("trigger", "list", "--queue")
    supervision = governed("supervision", "claim").split()[1]
    assert governed("supervision", "claim").strip() == "no trigger is queued"
    governed("supervision", "intervene", supervision, "correct", "--guidance", "less")
    shown = listed(governed, "supervision", "show", supervision)
    assert [one["guidance"] for one in shown["interventions"]] == ["less"]
    assert governed("supervision", "complete", supervision, "--rating", "5").split()[-1] == "completed"
    assert supervision[:8] in governed("supervision", "list", "--status", "completed")


def test_feedback_is_given_and_listed(governed):
    made = listed(governed, "feedback", "give", "intern bot", "--rating", "2", "--correction", "shorter")
    assert made["status"] == "accepted"
    assert "shorter" in governed("feedback", "list", "--agent", "intern bot")


def test_triggers_are_listed_by_decision_and_shown(governed):
    assert len(listed(governed, "trigger", "list", "--open")) == 3
    (one,) = listed(governed, "trigger", "list", "--decision", "training")
    assert "student bot" in governed("trigger", "show", one["id"])


def test_canvas_is_listed_shown_and_has_a_trail(governed):
    (canvas,) = listed(governed, "canvas", "list")
    assert 'content: {"a": 1}' in governed("canvas", "show", canvas["id"])
    assert "present" in governed("canvas", "trail", canvas["id"])
    assert "operator@localhost" in governed("canvas", "trail", canvas["id"]).splitlines()[1].split()


def test_audit_lists_changes_by_actor_kind_record_and_agent(governed):
    every = listed(governed, "audit")
    assert {event["record_kind"] for event in every} >= {"agent", "proposal"}
    agent = listed(governed, "agent", "show", "intern bot")["id"]
    assert {event["record_id"] for event in listed(governed, "audit", "--record", agent)} == {agent}
    assert listed(governed, "audit", "--agent", "intern bot")
    acted = listed(governed, "audit", "--actor", "operator@localhost")
    assert acted
    assert {event["actor_id"] for event in acted} == {acted[0]["actor_id"]}
    shown = governed("audit", "--kind", "canvas")
    assert "operator@localhost" in shown.splitlines()[1].split()


def spellings(text):
    """Yield an id in every usual spelling."""
    key = uuid.UUID(text)
    plain = str(key)
    yield from (plain, plain.upper(), key.hex, "{" + plain + "}", f"urn:uuid:{plain}", f" {plain} ", f'"{plain}"')
    yield from (plain[:8], key.hex[:11], plain[:14].upper())


def test_ids_are_read_in_every_usual_spelling(governed):
    (canvas,) = listed(governed, "canvas", "list")
    for spelling in spellings(canvas["id"]):
        assert listed(governed, "canvas", "show", spelling)["id"] == canvas["id"]


def test_ambiguous_beginning_is_refused(governed):
    triggers = [one["id"] for one in listed(governed, "trigger", "list")]
    beginnings = {key[:1] for key in triggers}
    repeated = [start for start in beginnings if sum(key.startswith(start) for key in triggers) > 1]
    for start in repeated:
        assert "more than one begins like this" in governed.refused("trigger", "show", start)


def test_two_agents_of_one_name_need_an_id(terminal):
    for category in ("a", "b"):
        terminal("agent", "register", "Twin", "--category", category, "--module", "m")
    assert "more than one has this name" in terminal.refused("agent", "show", "Twin")


def test_viewer_registers_no_agent(terminal):
    database = create_engine(terminal.url)
    with Session(database) as session, session.begin():
        session.scalars(select(User)).one().role = "viewer"
    database.dispose()
    said = terminal.refused("agent", "register", "Ada", "--category", "c", "--module", "m")
    assert "error: operator@localhost may not change the status of an agent: the least role is admin" in said


def test_workflow_is_validated_listed_and_shown(terminal):
    flow = terminal.write("name: hello\nsteps: [{key: one, kind: task, action: greet, parameters: {name: you}}]")
    assert terminal("validate", flow).strip() == "hello is valid: 1 steps"
    terminal("run", flow)
    assert "hello" in terminal("workflow", "list")
    assert listed(terminal, "workflow", "show", "hello")["definition"]["name"] == "hello"
    assert '"action": "greet"' in terminal("workflow", "show", "hello", "--version", "1")


def test_agent_step_whose_action_is_not_registered_is_warned_of(terminal):
    steps = "[{key: a, kind: agent, action: frobnicate}, {key: b, kind: agent, action: greet}]"
    flow = terminal.write(f"name: agents\nsteps: {steps}")
    for words in (["validate", flow, "--actions", "json"], ["run", flow], ["debug", "start", flow]):
        said = terminal(*words, code={"run": 1, "debug": 3}.get(words[0], 0))
        assert said.count("warning: ") == 1
        assert "step 'a': no action 'frobnicate' is registered" in said
    assert "warning" not in terminal("validate", flow)


def test_validate_knows_the_actions_of_the_files_that_it_is_given(terminal):
    flow = terminal.write("name: away\nsteps: [{key: a, kind: task, action: depart}]")
    named = "from controlplane import actions\nactions.register('depart')(print)\n"
    assert "no action 'depart' is registered" in terminal.refused("validate", flow, "--actions", "json")
    assert terminal("validate", flow, "--actions", terminal.write(named, "acts.py")) == "away is valid: 1 steps\n"


def test_logs_as_json_are_one_object_a_line(terminal):
    flow = terminal.write("name: hello\nsteps: [{key: one, kind: task, action: greet, parameters: {name: you}}]")
    run = terminal.started(terminal("run", flow))
    lines = [json.loads(line) for line in terminal("logs", run, "--json").splitlines()]
    assert [line["sequence"] for line in lines] == list(range(1, len(lines) + 1))
    assert [*lines[0]] == ["sequence", "timestamp", "level", "event", "step_key", "message", "context"]


def test_executions_are_backed_up_archived_and_read_again(terminal):
    flow = terminal.write("name: hello\nsteps: [{key: one, kind: task, action: greet, parameters: {name: you}}]")
    run = terminal.started(terminal("run", flow))
    assert " rows written to " in terminal("backup", terminal.folder / "all.jsonl.gz")
    said = terminal("archive", "--before", "2999-01-01", "--to", terminal.folder / "old.jsonl")
    assert said.startswith("1 executions and 0 agent runs, ")
    assert "There is no execution" in terminal.refused("status", run)
    terminal("import", terminal.folder / "old.jsonl")
    assert "completed" in terminal("status", run)
    assert "archived" in terminal("audit", "--kind", "archive")
    terminal.url = f"sqlite:///{terminal.folder}/copy.sqlite"
    terminal("import", terminal.folder / "all.jsonl.gz")
    assert "completed" in terminal("status", run)


def test_members_are_added_given_roles_suspended_and_removed(terminal):
    assert terminal("member", "add", "ada@example.com", "--role", "team_lead").split() == [
        "ada@example.com",
        "team_lead",
        "active",
    ]
    assert terminal("member", "role", "ada@example.com", "viewer").split()[1:] == ["viewer", "active"]
    assert terminal("member", "specialty", "ada@example.com", "finance").split()[1:] == ["viewer", "active"]
    assert terminal("member", "suspend", "ada@example.com").split()[2] == "suspended"
    assert "may not enter" in terminal.refused("status", "--user", "ada@example.com")
    assert terminal("member", "reinstate", "ada@example.com").split()[2] == "active"
    assert terminal("member", "remove", "ada@example.com", "--reason", "left").split()[2] == "removed"
    (ada,) = [one for one in listed(terminal, "member", "list") if one["email"] == "ada@example.com"]
    assert (ada["specialty"], ada["status"]) == ("finance", "removed")
    assert "ada@example.com" in terminal("member", "list")
    said = "error: User operator@localhost is the last active owner of workspace default."
    assert terminal.refused("member", "remove", "operator@localhost") == said


def test_agent_is_imported_with_its_maturity(terminal):
    identity = ("--category", "finance", "--module", "bots.eve")
    said = terminal("agent", "import", "Eve", *identity, "--maturity", "supervised", "--reason", "old system")
    assert said.split()[2:] == ["active", "supervised", "0.70"]


def test_comment_is_given_apart_from_a_correction(terminal):
    terminal("agent", "register", "Ada", "--category", "c", "--module", "m")
    made = listed(terminal, "feedback", "give", "Ada", "--comment", "well done", "--category", "style")
    assert (made["comment"], made["category"], made["user_correction"]) == ("well done", "style", None)


def test_action_levels_are_listed_and_set(terminal):
    (greet,) = [one for one in listed(terminal, "action", "list") if one["action"] == "greet"]
    assert greet["level"] == 4
    assert terminal("action", "level", "greet", "--level", "1").split()[:2] == ["greet", "1"]
    assert " 1 " in next(line for line in terminal("action", "list").splitlines() if "greet" in line)
    terminal("action", "level", "greet")
    assert listed(terminal, "action", "list") == [greet]


@pytest.mark.parametrize(
    "words",
    [
        ("trigger", "list", "--queue", "--agent", "intern bot"),
        ("trigger", "list", "--queue", "--open"),
        ("proposal", "list", "--pending", "--status", "approved"),
    ],
)
def test_options_that_would_be_ignored_are_refused(governed, words):
    assert "can't be combined with" in governed.refused(*words)
