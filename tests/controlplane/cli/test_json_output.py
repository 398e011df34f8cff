"""`--json` of the verbs that confirm: one JSON document, and nothing else."""

from __future__ import annotations

import json

import pytest

WAITING = "name: waiting\nvars: {n: 1}\nsteps: [{key: ask, kind: approval}, {key: go, kind: wait, signal: go}]"
QUICK = "name: quick\nvars: {n: 1}\nsteps: [{key: a, kind: task, action: greet, parameters: {name: Ada}}]"


@pytest.fixture
def read(terminal):
    """Type a command with --json and read its output."""

    def typed(*words, code=0):
        return json.loads(terminal(*words, "--json", code=code))

    return typed


def picked(data, *names):
    return tuple(data[name] for name in names)


def test_schema_verbs_name_the_revision(terminal, read):
    made = read("init")
    assert picked(made, "workspace", "operator", "notes") == ("default", "operator@localhost", [])
    assert made["revision"] == made["was"] == read("upgrade")["revision"]
    before = f"{int(made['revision']) - 1:04}"
    assert picked(read("downgrade", before), "revision", "was") == (before, made["revision"])


def test_member_verbs_print_the_standing_of_the_person(read):
    seen = [
        read("member", "add", "bo@example.com", "--role", "member"),
        read("member", "role", "bo@example.com", "team_lead"),
        read("member", "specialty", "bo@example.com", "finance"),
        read("member", "suspend", "bo@example.com"),
        read("member", "reinstate", "bo@example.com"),
        read("member", "remove", "bo@example.com"),
    ]
    assert [picked(one, "email", "role", "specialty", "status") for one in seen] == [
        ("bo@example.com", "member", None, "active"),
        ("bo@example.com", "team_lead", None, "active"),
        ("bo@example.com", "team_lead", "finance", "active"),
        ("bo@example.com", "team_lead", "finance", "suspended"),
        ("bo@example.com", "team_lead", "finance", "active"),
        ("bo@example.com", "team_lead", "finance", "removed"),
    ]


def test_removed_member_is_reported_as_removed(terminal):
    terminal("member", "add", "bo@example.com")
    assert terminal("member", "remove", "bo@example.com") == "bo@example.com member removed\n"


def test_action_level_prints_level_and_origin(read):
    assert read("action", "level", "pay", "--level", "2") == {"action": "pay", "level": 2, "origin": "workspace"}


def test_files_of_rows_are_reported_with_their_rows(terminal, read, tmp_path):
    terminal("run", terminal.write(QUICK))
    copy, moved = tmp_path / "copy.jsonl", tmp_path / "moved.jsonl"
    saved = read("backup", copy)
    assert saved["file"] == str(copy)
    assert saved["rows"] > 0
    found = read("archive", "--before", "2100-01-01", "--to", moved)
    assert picked(found, "executions", "runs", "file") == (1, 0, str(moved))
    assert read("import", moved) == {"rows": found["rows"], "file": str(moved)}


def test_saved_workflow_and_replay_are_named(terminal, read):
    flow = terminal.write(QUICK)
    assert read("workflow", "save", flow) == {"workflow": "quick", "version": 1}
    run = terminal.started(terminal("run", flow))
    again = read("replay", run)
    assert again["execution"]["status"] == "completed"
    assert again["execution"]["id"] != run
    assert picked(again["comparison"], "left_status", "right_status") == ("completed", "completed")


def test_rollup_verbs_print_counts_of_days(read):
    assert read("rollup", "refresh") == {"days": 0}
    assert read("rollup", "verify") == {"days": 0, "wrong": 0}
    assert read("rollup", "disable") == {"kept": False}


def test_debug_verbs_print_the_session(terminal, read, tmp_path):
    flow = terminal.write(QUICK)
    session = read("debug", "start", flow, code=3)
    key = session["id"]
    assert picked(session, "status", "stopped_step", "stop_reason") == ("paused", "a", "entry")
    assert session["execution"]["status"] == "paused"
    assert [picked(one, "name", "old_value", "new_value") for one in read("debug", "set", key, "n=2")] == [
        ("n", 1, 2)
    ]
    ended = read("debug", "continue", key)
    assert picked(ended, "status", "stopped_step") == ("completed", None)
    assert ended["execution"]["status"] == "completed"
    exported = tmp_path / "session.json"
    assert read("debug", "export", key, exported) == {"file": str(exported)}
    assert read("debug", "import", exported)["status"] == "completed"
    assert read("debug", "step", read("debug", "start", flow, code=3)["id"])["status"] == "completed"


def test_debug_verbs_of_a_running_execution_print_the_session(terminal, read):
    run = terminal.started(terminal("run", terminal.write(WAITING), code=3))
    key = read("debug", "attach", run)["id"]
    terminal("member", "add", "bo@example.com")
    assert read("debug", "share", key, "bo@example.com", "viewer")["permission"] == "viewer"
    assert read("debug", "unshare", key, "bo@example.com") == {"email": "bo@example.com", "permission": None}
    assert picked(read("debug", "pause", key), "id", "status") == (key, "active")
    assert read("debug", "end", key)["status"] == "completed"
    assert read("debug", "cancel", read("debug", "attach", run)["id"])["status"] == "cancelled"


def test_breakpoint_verbs_print_the_breakpoint(terminal, read):
    terminal("workflow", "save", terminal.write(WAITING))
    made = read("debug", "break", "waiting", "go", "--hits", "2")
    assert picked(made, "step_key", "hit_limit", "enabled") == ("go", 2, True)
    assert read("debug", "disable", made["id"])["enabled"] is False
    assert read("debug", "enable", made["id"])["enabled"] is True
    assert read("debug", "unbreak", made["id"])["id"] == made["id"]
    assert read("debug", "breakpoints") == []
