"""The command `controlplane`, as a person types it."""

from __future__ import annotations

import gc
import json
import os
import re
import signal
import subprocess
import sys
import time
import uuid
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from controlplane import clock
from controlplane.cli import main
from controlplane.cli.context import Settings
from controlplane.cli.operations import workers
from controlplane.cli.workflows import definitions
from controlplane.errors import (
    ControlPlaneError,
    InvalidValueError,
    NotFoundError,
    SchemaError,
    UnusableDatabaseError,
)

WORKFLOW = """
name: greeting
steps:
  - {key: one, kind: task, action: greet, parameters: {name: "${input.name}"}, save: {seen: "${output.text}"}}
  - {key: ask, kind: approval, depends_on: [one], on_reject: [sorry]}
  - {key: two, kind: task, action: greet, depends_on: [ask], parameters: {name: "${vars.seen}"}}
  - {key: sorry, kind: task, action: greet, parameters: {name: nobody}}
outputs: {said: "${vars.seen}"}
"""
PLAIN = """
name: plain
steps:
  - {key: one, kind: task, action: greet, parameters: {name: "${input.name}"}, save: {seen: "${output.text}"}}
  - {key: two, kind: task, action: greet, depends_on: [one], parameters: {name: "${vars.seen}"}}
outputs: {said: "${steps.two.output.text}"}
"""


def test_a_run_shows_its_steps_and_its_outputs(terminal):
    output = terminal("run", terminal.write(PLAIN), "--input", "name=Ada")
    assert "one completed" in output
    assert "completed {'said': 'hello hello Ada'}" in output


def test_replay_with_another_input_shows_the_outputs_of_both(terminal):
    terminal("run", terminal.write(PLAIN), "--input", "name=Ada")
    shown = terminal("replay", "last", "--input", "name=Bob")
    assert 'one: completed, {"text": "hello Ada"} -> {"text": "hello Bob"}' in shown
    assert 'inputs.name: "Ada" -> "Bob"' in shown


ASKING = """
name: asking
steps:
  - {key: ask, kind: agent, action: greet, parameters: {name: Ada}}
"""


def test_agent_option_names_the_agent_of_steps_that_name_none(terminal):
    terminal("agent", "register", "Greeter", "--category", "talk", "--module", "bots.greeter")
    shown = terminal("agent", "show", "Greeter", "--json")
    (found,) = re.findall(r"[0-9a-f]{8}-[0-9a-f-]{27}", terminal("agent", "list", "--json"))[:1]
    output = terminal("run", terminal.write(ASKING), "--agent", "Greeter", "--json", code=1)
    made = json.loads(output)["id"]
    assert found in shown
    with sa.create_engine(terminal.url).connect() as connection:
        agent = connection.scalar(sa.text("SELECT agent_id FROM workflow_execution"))
    assert uuid.UUID(agent) == uuid.UUID(found)
    assert "student" in terminal("logs", made)


def test_unknown_agent_of_a_run_is_refused(terminal):
    assert "agent" in terminal.refused("run", terminal.write(ASKING), "--agent", "Nobody")


def test_json_is_all_that_is_printed_with_json(terminal):
    output = terminal("run", terminal.write(PLAIN), "--json", "-i", '{"name": "Ada"}')
    assert json.loads(output)["outputs"] == {"said": "hello hello Ada"}


def test_a_failure_is_exit_code_1_and_says_why(terminal):
    output = terminal("run", terminal.write(PLAIN), "-i", "name=boom", code=1)
    assert "failed ValueError no such person" in output


def test_run_exits_with_3_until_decision_and_continues_after_it(terminal):
    run = terminal.started(terminal("run", terminal.write(WORKFLOW), "-i", "name=Ada", code=3))
    terminal("approve", run[:8], "ask", "--comment", "fine")
    worker = [sys.executable, "-c", "from controlplane.cli import main; main()", "--database-url", terminal.url]
    actions_file = terminal.write(
        "from controlplane import actions\n"
        "@actions.register('greet')\n"
        "def greet(parameters, *, idempotency_key):\n    return {'text': 'hi ' + parameters['name']}\n",
        "acts.py",
    )
    with subprocess.Popen([*worker, "--actions", str(actions_file), "worker"], stdout=subprocess.PIPE) as process:
        end = time.monotonic() + 30
        while json.loads(terminal("status", run, "--json"))["status"] != "completed":
            assert time.monotonic() < end, "the worker does nothing"
            time.sleep(0.1)
        os.kill(process.pid, signal.SIGTERM)
        process.stdout.read()
        assert process.wait(30) == 0
    steps = {step["step_key"]: step["status"] for step in json.loads(terminal("status", run, "--json"))["steps"]}
    assert steps == {"one": "completed", "ask": "completed", "two": "completed", "sorry": "skipped"}


def test_a_rejection_needs_a_comment_and_takes_the_branch(terminal):
    run = terminal.started(terminal("run", terminal.write(WORKFLOW), "-i", "name=Ada", code=3))
    terminal("reject", run, "ask", code=2)
    terminal("reject", run, "ask", "--comment", "no")
    assert "ask rejected" in terminal("logs", run)


def test_missing_input_pauses_until_resume_supplies_it(terminal):
    run = terminal.started(terminal("run", terminal.write(PLAIN), code=3))
    assert "paused: ${input.name} is not defined." in terminal("logs", run)
    resumed = terminal("resume", run, "-i", "name=Ada")
    assert resumed.strip() == "running (a worker continues it: controlplane worker)"
    assert terminal("pause", run).strip() == "paused"
    assert terminal("cancel", run, "--reason", "enough").strip() == "cancelled"


def test_critical_path_is_listed_from_the_first_step_to_the_last(terminal):
    text = """
name: path
steps:
  - {key: a, kind: task, action: greet, parameters: {name: Ada}}
  - {key: b, kind: task, action: greet, parameters: {name: Bo}, depends_on: a}
"""
    run = terminal.started(terminal("run", terminal.write(text)))
    rows = json.loads(terminal("status", run, "--critical-path", "--json"))
    assert [row["step_key"] for row in rows] == ["a", "b"]
    assert json.loads(terminal("status", "--critical-path", "--json")) == rows, "the newest, when none is named"
    lines = [line.split() for line in terminal("status", run, "--critical-path").splitlines()]
    assert lines[0] == ["step", "started", "completed", "seconds"]
    assert [(line[0], len(line)) for line in lines[1:]] == [("a", 6), ("b", 6)]  # a time is two words


def test_lists_and_reports(terminal):
    terminal("run", terminal.write(PLAIN), "-i", "name=Ada")
    assert "plain" in terminal("status")
    now = clock.now()
    report = json.loads(terminal("report", "--json"))
    assert report["workspace"] == "default"
    end = datetime.fromisoformat(report["scope"]["until"])
    assert (end.second, end.microsecond) == (0, 0), "the window ends with a minute"
    assert now < end <= now + timedelta(minutes=2), "what has just happened is in it"
    assert terminal("report", "--csv").startswith("question,row,column,value\n")
    page = terminal.folder / "report.html"
    terminal("report", "--format", "html", "-o", page)
    assert page.read_text().startswith("<!doctype html>")
    with pytest.raises(InvalidValueError):  # a report that fails leaves the file as it was
        terminal("report", "--since", "9999-12-30", "--until", "9999-12-31", "-o", page)
    assert page.read_text().startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["status", "zz"], "it must be an id or the beginning of one"),
        (["status", "00"], "There is no execution 00"),
        (["--workspace", "other", "status"], "There is no workspace other."),
        (["--user", "x@y", "run", "{flow}"], "There is no user x@y."),
        (["run", "{broken}"], "step 'two': the dependencies run in a circle: two -> two"),
        (["worker", "--runtime", "procrastinate"], "it needs PostgreSQL"),
    ],
    ids=["no-id", "unknown-id", "workspace", "user", "cycle", "no-queue"],
)
def test_refusals_are_one_line_and_exit_code_2(terminal, monkeypatch, capsys, arguments, message):
    flow = terminal.write(PLAIN)
    broken = terminal.write(PLAIN.replace("depends_on: [one]", "depends_on: [two]"), "broken.yaml")
    words = [word.format(flow=flow, broken=broken) for word in arguments]
    monkeypatch.setattr(sys, "argv", ["controlplane", "--database-url", terminal.url, *words])
    with pytest.raises(SystemExit) as exit_:
        main()
    assert exit_.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_a_database_that_was_not_initialised_is_refused(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(
        sys, "argv", ["controlplane", "--database-url", f"sqlite:///{tmp_path}/new.sqlite", "status"]
    )
    with pytest.raises(SystemExit):
        main()
    assert "run `controlplane init` first" in " ".join(capsys.readouterr().err.split())


def test_debug_start_takes_the_agent_of_steps_and_last_names_the_session(terminal):
    terminal("agent", "register", "Greeter", "--category", "talk", "--module", "bots.greeter")
    terminal("debug", "start", terminal.write(ASKING), "--agent", "Greeter", code=3)
    stack = json.loads(terminal("debug", "show", "last", "--json"))["stack"]
    assert stack[0]["execution_id"] == json.loads(terminal("status", "last", "--json"))["id"]
    assert "RefusedError: a student must be trained" in terminal("debug", "continue", "last", code=3)


def test_last_debug_session_is_refused_when_missing(terminal):
    with pytest.raises(NotFoundError, match="There is no debug session last"):
        terminal("debug", "show", "last")


FETCHING = """
name: fetching
steps:
  - {key: fetch, kind: http, url: "http://127.0.0.1:9/"}
"""


def test_variables_allow_hosts_and_the_refusals_name_the_options(terminal, monkeypatch):
    flow = terminal.write(FETCHING)
    assert "not on the allow-list; --allow-host 127.0.0.1:9 adds it" in terminal("run", flow, code=1)
    monkeypatch.setenv("CONTROLPLANE_ALLOW_HOST", "api.example.com 127.0.0.1:9")
    assert "which is not public; --allow-network" in terminal("run", flow, code=1)
    monkeypatch.setenv("CONTROLPLANE_ALLOW_NETWORK", "127.0.0.0/8")
    assert "HttpConnectionError" in terminal("run", flow, code=1)


def test_debugging_stops_steps_changes_and_replays(terminal):
    output = terminal(
        "debug", "start", terminal.write(PLAIN), "-i", "name=Ada", "--break", "two", "--no-entry", code=3
    )
    session = next(line.split()[1] for line in output.splitlines() if line.startswith("session "))
    assert "stopped at two: breakpoint" in output
    assert 'vars.seen = "hello Ada"' in terminal("debug", "show", session)
    terminal("debug", "set", session[:8], "seen=Bob")
    assert "completed {'said': 'hello Bob'}" in terminal("debug", "continue", session)
    assert "1 one: completed" in terminal("debug", "traces", session)
    assert "one" in terminal("debug", "profile", session)
    run = json.loads(terminal("status", "--json"))[0]["id"]
    again = terminal("debug", "replay", run, "two", "--set", "seen=Cy")
    assert "completed {'said': 'hello Cy'}" in again
    terminal("debug", "export", session, terminal.folder / "session.json")
    assert terminal("debug", "import", terminal.folder / "session.json").startswith("session ")
    assert len(terminal("debug", "sessions").splitlines()) == 3


def test_breakpoints_are_listed_and_disabled_and_sessions_end(terminal):
    started = terminal("debug", "start", terminal.write(PLAIN), "-i", "name=Ada", code=3)
    session = next(line.split()[1] for line in started.splitlines() if line.startswith("session "))
    made = terminal("debug", "break", "plain", "two", "--if", "vars.seen != null", "--hits", "3").split()[1]
    shown = " ".join(terminal("debug", "breakpoints").split())
    assert f"{made[:8]} plain two vars.seen != null 0 3 yes" in shown
    terminal("debug", "disable", made[:8])
    assert " no" in terminal("debug", "breakpoints")
    terminal("debug", "enable", made[:8])
    assert "stopped at two: breakpoint" in terminal("debug", "continue", session, code=3)
    assert json.loads(terminal("debug", "breakpoints", "--json"))[0]["hit_count"] == 1
    assert json.loads(terminal("debug", "enable", made, "--json"))["hit_count"] == 0, "counted from zero"
    terminal("debug", "unbreak", made)
    with pytest.raises(NotFoundError):
        terminal("debug", "disable", made)
    terminal("debug", "end", session)
    with pytest.raises(ControlPlaneError):
        terminal("debug", "pause", session)
    again = terminal("debug", "start", terminal.write(PLAIN), "-i", "name=Bob", code=3)
    session = next(line.split()[1] for line in again.splitlines() if line.startswith("session "))
    terminal("debug", "cancel", session)
    assert "cancelled" in terminal("debug", "sessions")
    assert json.loads(terminal("status", "--json"))[0]["status"] == "cancelled"


def test_worker_outlasts_an_outage_and_ends_when_the_schema_is_upgraded(terminal, monkeypatch):
    checks = []

    def check(settings):
        checks.append(settings)
        if len(checks) == 2:
            raise UnusableDatabaseError(database="d", problem="the server restarts")
        if len(checks) > 2:
            raise SchemaError(database="d", problem="it has revision 9999")

    monkeypatch.setattr(Settings, "check_schema", check)
    monkeypatch.setattr(workers, "CHECK_INTERVAL", 0.01)
    with pytest.raises(SchemaError, match="it has revision 9999"):
        terminal("worker")
    assert len(checks) == 3, "an outage does not end a worker"


def test_debug_session_is_shared_and_shares_are_listed(terminal):
    terminal("member", "add", "ada@example.com")
    started = terminal("debug", "start", terminal.write(PLAIN), "-i", "name=Ada", code=3)
    session = next(line.split()[1] for line in started.splitlines() if line.startswith("session "))
    terminal("debug", "share", session, "ada@example.com", "viewer")
    assert "ada@example.com" in terminal("debug", "shares", session)
    terminal("debug", "unshare", session, "ada@example.com")
    assert "ada@example.com" not in terminal("debug", "shares", session, "--json")


def test_daily_sums_are_kept_until_disabled(terminal):
    assert terminal("rollup", "refresh") == "0 days added up\n"
    assert terminal("rollup", "refresh", "--limit", "1") == "0 days added up\n"
    assert terminal("rollup", "disable") == "no sums are kept\n"


def test_garbage_is_collected_while_a_verb_runs(monkeypatch):
    collects = []
    monkeypatch.setattr(definitions, "show_json", lambda _: collects.append(gc.isenabled()))
    monkeypatch.setattr(sys, "argv", ["controlplane", "schema"])
    with pytest.raises(SystemExit):
        main()
    assert collects == [True]


@pytest.mark.parametrize(
    "words", [["schema"], ["nonsense"], ["--version"], ["validate", "none.yaml"]], ids=" ".join
)
def test_process_collects_garbage_after_a_command(monkeypatch, capsys, words):
    monkeypatch.setattr(sys, "argv", ["controlplane", *words])
    with pytest.raises(SystemExit):
        main()
    assert (gc.isenabled(), gc.get_freeze_count()) == (True, 0)
    capsys.readouterr()
