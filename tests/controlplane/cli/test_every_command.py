"""Every command: its --help says what it takes; what it cannot do it says in one line, with exit code 2."""

from __future__ import annotations

import pytest
import typer
from typer.testing import CliRunner

from controlplane.cli import app

WAITING = "name: waiting\nsteps: [{key: ask, kind: approval}, {key: go, kind: wait, signal: go}]"
BROKEN = "name: broken\nsteps: [{key: a, kind: nothing}]"


def commands(group, path=()):
    for name in group.list_commands(None):
        command = group.get_command(None, name)
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name), command


EVERY = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", EVERY, ids="-".join)
def test_help_names_every_argument_and_says_what_each_is_for(path):
    result = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    assert result.exit_code == 0
    assert EVERY[path].help.split("\n")[0].split(".")[0] in " ".join(result.output.split())
    for parameter in EVERY[path].params:
        is_option = parameter.param_type_name == "option"
        shown = parameter.opts[0] if is_option else parameter.name
        assert shown in result.output.lower()
        assert parameter.help, f"{parameter.name} has no help"


def test_help_lists_the_commands_and_the_exit_codes():
    result = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200", "TERM": "dumb"})
    said = " ".join(result.output.split())
    assert all(path[0] in said for path in EVERY)
    assert "0 done, 1 the execution failed or was cancelled, 2 the command was refused" in said


def test_without_a_command_help_is_shown():
    result = CliRunner().invoke(app, [], env={"TERM": "dumb"})
    assert "Usage" in result.output
    assert result.exit_code == 2


REFUSED = {
    "init": [(["--user", "", "init"], "user")],
    "run": [
        (["run", "{folder}/none.yaml"], "does not exist"),
        (["run", "{broken}"], "step 'a'"),
        (["run", "{flow}", "--input", "n"], "it must be name=value or a JSON object"),
        (["run", "{flow}", "--workers", "0"], "--workers"),
        (["run"], "Missing argument"),
        (["--actions", "{folder}/none.py", "run", "{flow}"], "it must be a Python file or module"),
        (["--actions", "no_such_module", "run", "{flow}"], "it must be a Python file or module"),
        (["--allow-network", "nowhere", "run", "{flow}"], "nowhere"),
    ],
    "status": [(["status", "not-an-id"], "it must be an id"), (["status", "--limit", "0"], "--limit")],
    "logs": [(["logs", "ffff"], "There is no execution ffff"), (["logs"], "Missing argument")],
    "pause": [(["pause", "ffff"], "There is no execution"), (["pause", "{ended}"], "no such transition")],
    "resume": [
        (["resume", "{run}"], "no such transition"),
        (["resume", "{run}", "--set", "x"], "it must be name=value or a JSON object"),
    ],
    "cancel": [(["cancel", "{ended}"], "is already cancelled"), (["cancel", "{run}", "--reason", ""], "reason")],
    "approve": [
        (["approve", "{run}", "go"], "There is no waiting approval go"),
        (["approve", "{run}"], "Missing argument"),
    ],
    "reject": [
        (["reject", "{run}", "ask"], "Missing option"),
        (["reject", "{run}", "ask", "--comment", " "], "comment"),
    ],
    "signal": [
        (["signal", "{run}", ""], "name"),
        (["signal", "{run}", "go", "--payload", "x"], "it must be name=value or a JSON object"),
    ],
    "worker": [
        (["worker", "--runtime", "procrastinate"], "it needs PostgreSQL"),
        (["worker", "--concurrency", "0"], "--concurrency"),
    ],
    "report": [
        (["report", "--since", "2026-01-02", "--until", "2026-01-01"], "it must not be before"),
        (["report", "--since", "soon"], "--since"),
        (["report", "--until", "0001-01-01"], "the years 2 to 9998"),
        (["report", "--json", "--csv"], "choose one"),
        (["report", "-o", "{folder}/none/report.json"], "No such file"),
    ],
    "rollup refresh": [(["--user", "x@y", "rollup", "refresh"], "There is no user x@y")],
    "rollup disable": [(["--workspace", "none", "rollup", "disable"], "There is no workspace none")],
    "debug start": [
        (["debug", "start", "{broken}"], "step 'a'"),
        (["debug", "start", "{flow}", "-b", "none"], "none"),
    ],
    "debug attach": [(["debug", "attach", "{ended}"], "it has ended")],
    "debug break": [
        (["debug", "break", "none", "go"], "There is no workflow none"),
        (["debug", "break", "waiting", "none"], "none"),
        (["debug", "break", "waiting", "go", "--if", "1 +"], "1 +"),
        (["debug", "break", "waiting", "go", "--hits", "0"], "--hits"),
    ],
    "debug unbreak": [(["debug", "unbreak", "x"], "it must be an id")],
    "debug sessions": [
        (["--user", "x@y", "debug", "sessions"], "There is no user x@y"),
        (["debug", "sessions", "--workflow", "none"], "There is no workflow none"),
        (["debug", "sessions", "--owner", "x@y"], "There is no user x@y"),
        (["debug", "sessions", "--status", "asleep"], "asleep"),
    ],
    "debug continue": [
        (["debug", "continue", "ffff"], "There is no debug session ffff"),
        (["debug", "continue", "ffff", "--mode", "sideways"], "--mode"),
    ],
    "debug step": [(["debug", "step", "ffff"], "There is no debug session ffff")],
    "debug show": [(["debug", "show", "ffff"], "There is no debug session ffff")],
    "debug eval": [(["debug", "eval", "ffff", "1"], "There is no debug session ffff")],
    "debug set": [
        (["debug", "set", "ffff", "x=1"], "There is no debug session ffff"),
        (["debug", "set"], "Missing argument"),
    ],
    "debug traces": [(["debug", "traces", "ffff"], "There is no debug session ffff")],
    "debug profile": [(["debug", "profile", "ffff"], "There is no debug session ffff")],
    "debug replay": [(["debug", "replay", "{ended}", "none"], "has no such step")],
    "replay": [
        (["replay", "{ended}", "--version", "9"], "There is no workflow"),
        (["replay", "ffff"], "There is no execution ffff"),
        (["replay", "{ended}", "--input", "x"], "name=value"),
    ],
    "debug share": [
        (["debug", "share", "ffff", "x@y", "viewer"], "There is no debug session ffff"),
        (["debug", "share", "ffff", "x@y", "king"], "king"),
    ],
    "debug shares": [(["debug", "shares", "ffff"], "There is no debug session ffff")],
    "debug unshare": [(["debug", "unshare", "ffff", "x@y"], "There is no debug session ffff")],
    "debug export": [(["debug", "export", "ffff", "{folder}/x.json"], "There is no debug session ffff")],
    "debug import": [(["debug", "import", "{flow}"], "it must be JSON")],
    "debug breakpoints": [(["--workspace", "none", "debug", "breakpoints"], "There is no workspace none")],
    "debug enable": [(["debug", "enable", "ffff"], "There is no breakpoint ffff")],
    "debug disable": [(["debug", "disable", "ffff"], "There is no breakpoint ffff")],
    "debug pause": [(["debug", "pause", "ffff"], "There is no debug session ffff")],
    "debug end": [(["debug", "end", "ffff"], "There is no debug session ffff")],
    "debug cancel": [(["debug", "cancel", "ffff"], "There is no debug session ffff")],
}
NONE = "There is no "
REFUSED |= {
    "upgrade": [
        (["--database-url", "sqlite:///{folder}/none.sqlite", "upgrade"], "run `controlplane init` first")
    ],
    "downgrade": [(["downgrade", "0099"], "it must be one of"), (["downgrade"], "Missing argument")],
    "validate": [(["validate", "{broken}"], "step 'a'"), (["validate", "{folder}/none.yaml"], "does not exist")],
    "backup": [(["backup", "{flow}"], "it is there already")],
    "archive": [
        (["archive", "--before", "soon", "--to", "{folder}/x"], "--before"),
        (["archive", "--before", "2026-01-01", "--to", "{flow}"], "it is there already"),
    ],
    "import": [
        (["import", "{flow}"], "it is not a file of rows"),
        (["import", "{folder}/none"], "does not exist"),
    ],
    "rollup verify": [(["--workspace", "none", "rollup", "verify"], NONE + "workspace none")],
    "schema": [(["schema", "x"], "unexpected extra argument")],
    "audit": [
        (["audit", "--record", "ff"], "it must be a whole id"),
        (["audit", "--actor", "x@y"], NONE + "user x@y"),
        (["audit", "--agent", "none"], NONE + "agent none"),
    ],
    "workflow list": [(["--workspace", "none", "workflow", "list"], NONE + "workspace none")],
    "workflow save": [(["workflow", "save", "{broken}"], "step 'a'")],
    "workflow show": [
        (["workflow", "show", "none"], NONE + "workflow none"),
        (["workflow", "show", "waiting", "--version", "9"], NONE + "workflow waiting"),
    ],
    "agent check": [(["agent", "check", "none", "search"], NONE + "agent none")],
    "agent runs": [
        (["agent", "runs", "--agent", "none"], NONE + "agent none"),
        (["agent", "runs", "--status", "lost"], "lost"),
    ],
    "agent trigger": [
        (["agent", "trigger", "none", "nightly"], NONE + "agent none"),
        (["agent", "trigger", "none", "nightly", "--source", "moon"], "moon"),
        (["agent", "trigger", "none", "nightly", "--priority", "10"], "--priority"),
    ],
    "agent outcome": [
        (["agent", "outcome", "none", "--success"], NONE + "agent none"),
        (["agent", "outcome", "none"], "Missing option"),
    ],
    "agent stop": [(["agent", "stop", "none"], NONE + "agent none")],
    "agent deprecate": [(["agent", "deprecate", "none"], NONE + "agent none")],
    "agent delete": [(["agent", "delete", "none"], NONE + "agent none")],
    "proposal action": [(["proposal", "action", "none", "search"], NONE + "agent none")],
    "proposal training": [(["proposal", "training", "none"], NONE + "agent none")],
    "training fail": [(["training", "fail", "ffff", "--reason", "x"], NONE + "training ffff")],
    "supervision start": [(["supervision", "start", "none"], NONE + "agent none")],
    "supervision fail": [(["supervision", "fail", "ffff", "--reason", "x"], NONE + "supervision ffff")],
    "agent list": [(["agent", "list", "--maturity", "wise"], "wise")],
    "agent show": [(["agent", "show", "none"], NONE + "agent none")],
    "action list": [(["--workspace", "none", "action", "list"], NONE + "workspace none")],
    "action level": [
        (["action", "level", "greet", "--level", "9"], "--level"),
        (["action", "level", "greet"], "has not set one"),
    ],
    "agent import": [(["agent", "import", "a"], "Missing option")],
    "member list": [(["--workspace", "none", "member", "list"], NONE + "workspace none")],
    "member add": [(["member", "add", ""], "email"), (["member", "add", "x@y", "--role", "king"], "king")],
    "member remove": [
        (["member", "remove", "x@y"], NONE + "user x@y"),
        (["member", "remove", "operator@localhost"], "owner"),
    ],
    "member suspend": [(["member", "suspend", "x@y"], NONE + "user x@y")],
    "member reinstate": [(["member", "reinstate", "x@y"], NONE + "user x@y")],
    "member role": [(["member", "role", "x@y", "viewer"], NONE + "user x@y")],
    "member specialty": [(["member", "specialty", "x@y", "finance"], NONE + "user x@y")],
    "agent register": [(["agent", "register", "a"], "Missing option")],
    "agent pause": [(["agent", "pause", "none"], NONE + "agent none")],
    "agent activate": [(["agent", "activate", "none"], NONE + "agent none")],
    "agent promote": [(["agent", "promote", "none", "--to", "intern"], NONE + "agent none")],
    "proposal list": [(["proposal", "list", "--agent", "none"], NONE + "agent none")],
    "proposal show": [(["proposal", "show", "ffff"], NONE + "proposal ffff")],
    "proposal approve": [(["proposal", "approve", "ffff"], NONE + "proposal ffff")],
    "proposal reject": [(["proposal", "reject", "ffff"], "Missing option")],
    "proposal cancel": [(["proposal", "cancel", "ffff", "--reason", "x"], NONE + "proposal ffff")],
    "training list": [(["training", "list", "--agent", "none"], NONE + "agent none")],
    "training start": [(["training", "start", "ffff"], NONE + "training ffff")],
    "training complete": [(["training", "complete", "ffff", "--score", "1"], NONE + "training ffff")],
    "training cancel": [(["training", "cancel", "ffff", "--reason", "x"], NONE + "training ffff")],
    "supervision list": [(["supervision", "list", "--supervisor", "x@y"], NONE + "user x@y")],
    "supervision show": [(["supervision", "show", "ffff"], NONE + "supervision ffff")],
    "supervision claim": [(["--user", "x@y", "supervision", "claim"], NONE + "user x@y")],
    "supervision intervene": [
        (["supervision", "intervene", "ffff", "pause", "--guidance", "x"], NONE + "supervision ffff"),
        (["supervision", "intervene", "ffff", "shout", "--guidance", "x"], "shout"),
    ],
    "supervision resume": [(["supervision", "resume", "ffff"], NONE + "supervision ffff")],
    "supervision complete": [(["supervision", "complete", "ffff", "--rating", "5"], NONE + "supervision ffff")],
    "feedback list": [(["feedback", "list", "--agent", "none"], NONE + "agent none")],
    "feedback give": [(["feedback", "give", "none", "--rating", "5"], NONE + "agent none")],
    "feedback adjudicate": [
        (["feedback", "adjudicate", "ffff", "--accept"], NONE + "feedback ffff"),
        (["feedback", "adjudicate", "ffff"], "Missing option"),
    ],
    "trigger list": [(["trigger", "list", "--agent", "none"], NONE + "agent none")],
    "trigger show": [(["trigger", "show", "ffff"], NONE + "trigger ffff")],
    "canvas list": [(["canvas", "list", "--status", "ajar"], "ajar")],
    "canvas show": [(["canvas", "show", "ffff"], NONE + "canvas ffff")],
    "canvas trail": [(["canvas", "trail", "ffff"], NONE + "canvas ffff")],
}
CASES = [(*case, name) for name, cases in REFUSED.items() for case in cases]


@pytest.fixture(scope="module")
def places(world):
    """Names of what there is: a definition, a broken one, an execution that waits, one that has ended."""
    flow = world.write(WAITING)
    run = world.started(world("run", flow, code=3))
    ended = world.started(world("run", flow, code=3))
    world("cancel", ended)
    broken = world.write(BROKEN, "broken.yaml")
    return {"folder": world.folder, "flow": flow, "broken": broken, "run": run, "ended": ended}


def test_every_command_is_refused_something():
    assert {" ".join(path) for path in EVERY} == set(REFUSED)


@pytest.mark.parametrize(
    ("words", "message", "_name"), CASES, ids=[f"{case[2]}-{number}" for number, case in enumerate(CASES)]
)
def test_refused_command_exits_with_2_and_its_reason(world, places, words, message, _name):
    said = world.refused(*(word.format(**places) for word in words))
    assert message in said
    assert said.startswith("error: ")
    assert "Traceback" not in said


def test_wrong_use_names_the_help_of_the_command_in_one_line(world):
    said = world.refused("agent", "show", "--nothing\x1b[31m")
    assert said == r"error: No such option: --nothing\x1b[31m Try 'controlplane agent show --help'."


WITHOUT_JSON = {
    ("worker",): "it runs until it is stopped",
    ("schema",): "its output is JSON",
    ("debug", "eval"): "its output is JSON",
}


@pytest.mark.parametrize("path", EVERY, ids="-".join)
def test_command_prints_json_for_programs(path):
    has_option = any("--json" in parameter.opts for parameter in EVERY[path].params)
    assert has_option is (path not in WITHOUT_JSON)


@pytest.mark.parametrize("path", EVERY, ids="-".join)
def test_number_with_a_lower_limit_has_an_upper_one(path):
    """A number that no database takes, or that means a million threads, is a usage error."""
    unbounded = [one.name for one in EVERY[path].params if one.min is not None and one.max is None]
    assert unbounded == []


@pytest.mark.parametrize("number", ["1000001", "9" * 30, "-1", "1.5"])
def test_limit_that_is_out_of_range_is_a_usage_error(world, number):
    assert "--limit" in world.refused("feedback", "list", "--limit", number)
