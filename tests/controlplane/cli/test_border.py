"""The border: databases and files that can't be used are one line, and values can't steer where they are shown."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import unicodedata
from contextlib import redirect_stdout, suppress

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from controlplane import migrations
from controlplane.cli import app
from controlplane.cli.engine import build_engine
from controlplane.cli.lazy import move_to_front
from controlplane.database import create_engine, read_url
from controlplane.errors import InvalidValueError
from controlplane.escaping import csv_cell, html_text, json_text, visible
from tests.controlplane.cli.conftest import Terminal

HELLO = "name: hello\nsteps: [{key: one, kind: task, action: greet, parameters: {name: you}}]"
UNUSABLE = {
    "nonsense": ("nonsense", "it must be sqlite:///file or postgresql://"),
    "empty": ("", "it must be sqlite:///file or postgresql://"),
    "port": ("postgresql://host:port/name", "it must be sqlite:///file"),
    "other": ("mysql://root@localhost/name", "it must begin with sqlite:// or postgresql://"),
    "async-driver": ("postgresql+asyncpg://u@127.0.0.1/name", "it must begin with sqlite:// or postgresql://"),
    "unreachable": ("postgres://u:secret@127.0.0.1:1/name", "can't be used: connection failed"),
    "bad-option": ("postgresql://u@127.0.0.1:1/name?nonsense=1", "can't be used: invalid connection option"),
    "sqlite-option": ("sqlite:///{folder}/broken?nonsense=1", "SQLite has no option nonsense"),
    "no-folder": ("sqlite:///{folder}/none/file.sqlite", "it holds no control plane yet"),
    "missing": ("sqlite:///{folder}/none.sqlite", "it holds no control plane yet: run `controlplane init` first"),
    "not-a-database": ("sqlite:///{folder}/broken", "can't be used: file is not a database"),
    "a-folder": ("sqlite:///{folder}", "can't be used: unable to open database file"),
    "memory": ("sqlite://", "a database in memory ends with the command"),
}


@pytest.mark.parametrize("verb", [["status"], ["worker"], ["upgrade"], ["downgrade", "0015"]], ids=" ".join)
@pytest.mark.parametrize(("url", "message"), UNUSABLE.values(), ids=UNUSABLE)
def test_unusable_database_is_one_line(tmp_path, url, message, verb):
    (tmp_path / "broken").write_text("this is not a database, however long it may be" * 100)
    terminal = Terminal(tmp_path)
    terminal.url = url.format(folder=tmp_path)
    said = terminal.refused(*verb)
    assert message in said
    assert "secret" not in said
    assert not (tmp_path / "none.sqlite").exists()


def test_validation_needs_no_database(tmp_path):
    terminal = Terminal(tmp_path)
    terminal.url = "sqlite:///none/file.sqlite"
    assert "hello is valid" in terminal("validate", terminal.write(HELLO.replace("greet", "x")))


@pytest.mark.parametrize(
    "url", ["sqlite:///{folder}/none/file.sqlite", "sqlite:///{folder}/broken", "postgres://u@127.0.0.1:1/n"]
)
def test_init_on_unusable_database_is_one_line(tmp_path, url):
    (tmp_path / "broken").write_text("this is not a database, however long it may be" * 100)
    terminal = Terminal(tmp_path)
    terminal.url = url.format(folder=tmp_path)
    assert "can't be used" in terminal.refused("init")


@pytest.mark.parametrize(
    "url",
    [
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///file::memory:?uri=true&cache=shared",
        "sqlite:///file:name?mode=memory&uri=true",
    ],
)
def test_init_refuses_database_in_memory(tmp_path, url):
    terminal = Terminal(tmp_path)
    terminal.url = url
    assert "name a file, as in sqlite:///controlplane.sqlite" in terminal.refused("init")


@pytest.mark.parametrize("schema", ["CREATE TABLE invoice (id INTEGER)", "CREATE VIEW today AS SELECT 1"])
def test_init_refuses_database_of_another_application(tmp_path, schema):
    terminal = Terminal(tmp_path)
    with create_engine(terminal.url).begin() as connection:
        connection.exec_driver_sql(schema)
    assert "it holds the tables of another application" in terminal.refused("init")


def test_statement_that_the_database_refuses_is_one_line(terminal):
    refusal = "CREATE TRIGGER closed BEFORE INSERT ON agent BEGIN SELECT RAISE(ABORT, 'permission denied'); END"
    with create_engine(terminal.url).begin() as connection:
        connection.exec_driver_sql(refusal)
    said = terminal.refused("agent", "register", "a", "--category", "x", "--module", "m")
    assert said.endswith("can't be used: permission denied.")


def test_reader_that_goes_away_ends_the_command_as_it_ends_other_tools():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-c", "from controlplane.cli import main; main()", "schema"]
    with os.fdopen(write) as output:
        ended = subprocess.run(command, stdout=output, stderr=subprocess.PIPE, check=False)
    assert (ended.returncode, ended.stderr) == (141, b"")


def test_output_encoding_that_lacks_a_character_is_named(terminal):
    terminal("agent", "register", "\xf1", "--category", "x", "--module", "m")
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), "ascii")), pytest.raises(InvalidValueError, match="ascii"):
        app(["--database-url", terminal.url, "agent", "list", "--json"], standalone_mode=False)


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("postgres://u:p@h/n", "postgresql+psycopg://u:***@h/n"),
        ("postgresql://h/n", "postgresql+psycopg://h/n"),
        ("postgresql+psycopg2://h/n", "postgresql+psycopg2://h/n"),
        ("sqlite:///x", "sqlite+pysqlite:///x"),
    ],
)
def test_url_gets_an_installed_driver(url, read):
    assert read_url(url).render_as_string() == read


@given(st.text())
def test_any_text_as_url_is_read_or_refused(text):
    with suppress(InvalidValueError):
        assert read_url(text).get_backend_name() in ("sqlite", "postgresql")


ACTIONS = {
    "syntax": ("def f(:\n", "SyntaxError: "),
    "import": ("import no_such_module\n", "ModuleNotFoundError: No module named 'no_such_module'"),
    "error": ("x = 1\nraise RuntimeError('broken')\n", "RuntimeError: broken"),
    "exit": ("raise SystemExit(7)\n", "SystemExit: 7"),
    "twice": (
        "from controlplane import actions\nactions.register('greet')(print)\n",
        "it is registered already. ({folder}/acts.py, line 2)",
    ),
    "nul": ("x = 1\0", "SyntaxError: source code string cannot contain null bytes"),
    "bytes": (b"\xff\xfe\x00", "Error: "),
}


@pytest.mark.parametrize(("text", "message"), ACTIONS.values(), ids=ACTIONS)
def test_actions_that_cannot_be_imported_are_one_line(terminal, text, message):
    path = terminal.folder / "acts.py"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    said = terminal.refused("--actions", path, "run", terminal.write(HELLO))
    assert message.format(folder=terminal.folder) in said
    assert said.count("error:") == 1
    assert "None" not in said


@pytest.mark.parametrize("name", ["", ".", "..", "a..b", "a b", "/tmp", "no.such.module", "none.py"])
def test_actions_that_are_not_there_are_refused_as_such(terminal, name):
    said = terminal.refused("--actions", name, "run", terminal.write(HELLO))
    assert said == f"error: actions can't be {name!r}: it must be a Python file or module."


HALF = "caf\udce9"  # as Python reads an argument that is not UTF-8


@pytest.mark.parametrize(
    "words",
    [
        ("agent", "register", HALF, "--category", "c", "--module", "m"),
        ("agent", "show", HALF),
        ("member", "add", f"{HALF}@example.com"),
        ("member", "remove", HALF),
        ("workflow", "show", HALF),
        ("--user", HALF, "status"),
        ("--workspace", HALF, "status"),
        ("--user", HALF, "init"),
    ],
    ids=" ".join,
)
def test_argument_that_is_not_utf_8_is_refused(terminal, words):
    said = terminal.refused(*words)
    assert "half a character" in said
    assert said.count("error:") == 1


STATES = {
    "older": ("UPDATE alembic_version SET version_num = '0001'", "run `controlplane upgrade`"),
    "newer": ("UPDATE alembic_version SET version_num = '9999'", "install the version that upgraded it"),
    "foreign-revision": ("UPDATE alembic_version SET version_num = 'a1b2c3'", "name another database"),
    "foreign": ("DROP TABLE alembic_version", "name another database"),
}


@pytest.mark.parametrize("verb", ["status", "worker", "report"])
@pytest.mark.parametrize(("statement", "message"), STATES.values(), ids=STATES)
def test_schema_of_another_version_is_one_line(tmp_path, statement, message, verb):
    terminal = Terminal(tmp_path)
    terminal("init")
    engine = create_engine(terminal.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert message in terminal.refused(verb)


@pytest.mark.parametrize("statement", [STATES[name][0] for name in ("newer", "foreign", "foreign-revision")])
@pytest.mark.parametrize("verb", ["init", "upgrade"])
def test_init_and_upgrade_refuse_what_is_not_theirs(tmp_path, statement, verb):
    terminal = Terminal(tmp_path)
    terminal("init")
    engine = create_engine(terminal.url)
    with engine.begin() as connection:
        connection.exec_driver_sql(statement)
        before = sa.inspect(connection).get_table_names()
    terminal.refused(verb)
    assert sa.inspect(engine).get_table_names() == before
    engine.dispose()


def test_options_of_the_command_are_those_of_the_engine(tmp_path):
    file = tmp_path / "secrets.yaml"
    file.write_text("default: {token: {env: TOKEN}}")
    made = build_engine(
        actions=(),
        allow_hosts=("api.example.com",),
        allow_networks=("127.0.0.0/8",),
        secrets=file,
        lease=5.0,
        max_deliveries=3,
    )
    assert made.secrets.places == {"default": {"token": {"env": "TOKEN"}}}
    assert (made.http.allowed_hosts, made.http.allowed_networks) == (("api.example.com",), ("127.0.0.0/8",))
    assert (made.lease.total_seconds(), made.max_deliveries) == (5.0, 3)


def test_upgrade_of_an_empty_database_says_init(tmp_path):
    assert "run `controlplane init` first" in Terminal(tmp_path).refused("upgrade")


def test_downgrade_and_upgrade_report_revisions(terminal):
    newest = migrations.revisions()[-1]
    said = terminal("downgrade", "0015").strip()
    assert said == f"revision 0015, was {newest}"
    assert terminal("upgrade").strip() == f"revision {newest}, was 0015"
    assert terminal("upgrade").strip() == f"revision {newest}"


def test_downgrade_that_would_drop_data_is_refused(terminal):
    terminal("run", terminal.write(HELLO))
    said = terminal.refused("downgrade", "0004")
    assert "it would drop the data of " in said
    assert "workflow_execution" in said
    assert "hello" in terminal("status")


@pytest.mark.parametrize("revision", ["9999", "head", "-1"])
def test_downgrade_to_unknown_revision_is_refused(terminal, revision):
    assert "it must be one of 0001 to " in terminal.refused("downgrade", "--", revision)


FAILING = {"key": "one", "kind": "task", "action": "greet", "parameters": {"name": "boom"}}
EVIL = (
    "evil[/red]",
    "[bold]x",
    "esc\x1b[31mred\x1b[0m",
    "bell\x07",
    "csi\x9b2J",
    "bidi\u202etxet",
    "=HYPERLINK(1)",
)


@pytest.mark.parametrize("name", EVIL, ids=ascii)
def test_names_reach_the_terminal_as_plain_text(terminal, name):
    terminal("run", terminal.write(json.dumps({"name": name, "steps": [FAILING]}), "flow.json"), code=1)
    for words in (["status"], ["workflow", "list"], ["workflow", "show", name], ["status", "--json"]):
        shown = terminal(*words)
        assert not set("\x1b\x07\x9b\u202e") & set(shown)
    assert visible(name) in terminal("workflow", "list")
    assert "=HYPERLINK" not in {row[3][:10] for row in csv.reader(io.StringIO(terminal("report", "--csv")))}


@given(st.text())
def test_visible_text_holds_nothing_that_steers(text):
    shown = visible(text)
    steering = ("Cc", "Cf", "Cs", "Zl", "Zp")
    assert [sign for sign in shown if sign not in "\u200c\u200d" and unicodedata.category(sign) in steering] == []
    assert Text(shown).plain == shown
    assert not set("<>\"'") & set(html_text(text)) - set("&")


@given(st.text())
def test_csv_cell_never_begins_a_formula(text):
    assert not str(csv_cell(text)).lstrip(" \n").startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("value", [-1, -1.5, 0, None])
def test_csv_cell_keeps_numbers(value):
    assert csv_cell(value) == value


@given(st.recursive(st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5))
def test_json_text_reads_back(value):
    shown = json_text(json.dumps(value, ensure_ascii=False, indent=2))
    assert json.loads(shown) == value
    assert not set("\x1b\x9b\u202e") & set(shown)


WORDS = st.lists(st.sampled_from(["status", "--json", "--user", "--user=a", "x", "--", "--workspace"]), max_size=8)


@given(WORDS)
def test_options_move_before_the_verb_and_nothing_is_lost(words):
    moved = move_to_front(words)
    assert sorted(moved) == sorted(words)
    end = words.index("--") if "--" in words else len(words)
    assert moved[len(moved) - len(words[end:]) :] == words[end:]
    assert [word for word in words[:end] if word == "--json"] == [word for word in moved[:end] if word == "--json"]


def test_options_of_the_command_stand_after_the_verb(tmp_path):
    terminal = Terminal(tmp_path)
    terminal("init", "--workspace", "other", "--user=a@b")
    assert terminal("status", "--json", "--workspace", "other", "--user", "a@b").strip() == "[]"
    assert "There is no workspace none" in terminal.refused("status", "--workspace=none", "--user", "a@b")


def test_python_without_docstrings_and_assertions_says_the_same(terminal):
    words = [sys.executable, "-OO", "-m", "controlplane", "--database-url", terminal.url, "status", "ffff"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no execution ffff" in done.stderr


def test_version_is_printed(terminal):
    assert terminal("--version").startswith("controlplane ")


HEAVY = (
    "alembic",
    "controlplane.analytics",
    "controlplane.debugging",
    "controlplane.models",
    "httpx2",
    "procrastinate",
    "sqlalchemy.orm",
    "yaml",
    "simpleeval",
)


def test_status_imports_only_what_it_needs(terminal):
    code = "import sys; from controlplane.cli import app; app(sys.argv[1:], standalone_mode=False)"
    code += "; print('', *sys.modules)"
    words = [sys.executable, "-c", code, "--database-url", terminal.url, "status"]
    done = subprocess.run(words, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "controlplane.cli.core_tables" in loaded
    assert [name for name in HEAVY if name in loaded] == []
