"""Whole sessions: what an update writes the next session accepts, and no file is taken from another test."""

from __future__ import annotations

import subprocess

import pytest

from pytest_query_snapshot.goldens.storage import text as files

ODD_LITERALS = [
    "a\r\nb",
    "a\rb",
    "\ufeffa",
    "a\u2028b\u2029c\x85d",
    "\n<<<<<<< HEAD\n=======\n>>>>>>> other\n",
    "\x01\x0b\x0c\x1b[31m\x7f",
    "blanks \n\t\n ",
    "\u27e6U+000D\u27e7",
]
ODD = f"""
import pytest
import sqlalchemy as sa

ODD = {ODD_LITERALS!a}

@pytest.mark.parametrize("number", range(len(ODD)))
def test_odd(session, golden, number):
    literal = ODD[number].replace("'", "''")
    assert session.execute(sa.text(f"\\ufeffSELECT '{{literal}}' AS odd -- c\\r\\n FROM workspace")) == golden

@pytest.mark.parametrize("number", range(len(ODD)))
def test_stored(session, golden, number):
    with golden.step("insert"):
        session.execute(sa.text("INSERT INTO workspace VALUES (1, :odd)"), {{"odd": ODD[number]}})
    assert session == golden.state
"""


def test_update_writes_what_the_next_session_accepts(suite):
    suite.write("test_odd.py", ODD)
    count = 2 * len(ODD_LITERALS)
    suite.run("--snapshot-update").assert_outcomes(passed=count)
    suite.run().assert_outcomes(passed=count)
    assert suite.pending() == []


def test_goldens_survive_converted_line_ends_and_a_merge_is_an_error(suite):
    suite.write("test_odd.py", ODD)
    suite.run("--snapshot-update")
    for path in suite.snapshots.rglob("*.*"):
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    suite.run().assert_outcomes(passed=2 * len(ODD_LITERALS))
    path = suite.snapshots / "test_odd/test_odd[4].sqlite.sql"
    path.write_bytes(b"<<<<<<< HEAD\n" + path.read_bytes())
    result = suite.run("-k", "test_odd and 4")
    result.stdout.fnmatch_lines(["E*ConflictMarkersError: *[[]4].sqlite.sql:1: conflict markers*"])


CLASHES = """
import pytest
import sqlalchemy as sa

ONE = sa.text("SELECT 1 AS one")
TWO = sa.text("SELECT 2 AS two")

@pytest.mark.parametrize("query", [ONE, TWO], ids=["x::int", "x.int"])
def test_types(session, golden, query):
    assert session.execute(query) == golden

@pytest.mark.parametrize(("query", "name"), [(ONE, "c]"), (TWO, None)], ids=["b", "b]-c"])
def test_i(session, golden, query, name):
    assert session.execute(query) == (golden(name) if name else golden)
"""


def test_tests_that_look_alike_have_files_of_their_own(suite):
    suite.write("test_clash.py", CLASHES)
    suite.run("--snapshot-update").assert_outcomes(passed=4)
    suite.run().assert_outcomes(passed=4)
    assert len({name.casefold() for name in suite.goldens()}) == 8


def test_two_tests_with_one_node_name_are_an_error_that_names_both(suite, monkeypatch):
    monkeypatch.setattr("pytest_query_snapshot.goldens.storage.golden_path.slug_of_test", lambda _test: "same")
    suite.write("test_clash.py", CLASHES.replace('"c]"', "None"))
    result = suite.run("--snapshot-update")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(
        ["E*SharedGoldenError: *same.rows.md: claimed by two tests, *[[]x::int] and *[[]x.int]; rename one*"]
    )


SIMPLE = """
import sqlalchemy as sa

def test_one(session, golden):
    assert session.execute(sa.text("SELECT 1 AS one")) == golden.rows
"""


def test_golden_that_is_a_symbolic_link_stays_one(suite):
    suite.write("test_simple.py", SIMPLE)
    suite.run("--snapshot-update")
    golden = suite.snapshots / "test_simple/test_one.rows.md"
    shared = golden.rename(suite.path / "shared.md")
    golden.symlink_to(shared)
    suite.write("test_simple.py", SIMPLE.replace("1 AS", "2 AS"))
    suite.run("--snapshot-update").assert_outcomes(passed=1)
    assert golden.is_symlink()
    assert "| 2 |" in shared.read_text()


@pytest.mark.parametrize("reason", ["Permission denied", "No space left on device"])
def test_golden_that_cannot_be_written_is_named_and_not_counted_as_updated(suite, monkeypatch, reason):
    suite.write("test_simple.py", SIMPLE)

    def refuse(*_args, **_kwargs):
        raise OSError(13, reason)

    monkeypatch.setattr("tempfile.mkstemp", refuse)
    result = suite.run("--snapshot-update")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            f"E*WriteFailedError: *test_one.rows.md: could not be written ({reason})*",
            "query-snapshot: 1 golden compared on sqlite: 1 broken",
        ]
    )
    assert "written" not in result.stdout.lines[-3]


def test_state_folder_hides_itself_from_git(suite):
    suite.write("test_simple.py", SIMPLE)
    suite.run()
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *command], cwd=suite.path, check=True)
    staged = subprocess.run(["git", "ls-files"], cwd=suite.path, capture_output=True, text=True, check=True).stdout
    assert len(suite.pending()) == 1
    assert "test_simple.py" in staged
    assert ".query_snapshot" not in staged


REPEAT = """
import pytest

def pytest_generate_tests(metafunc):
    metafunc.fixturenames.append("__pytest_repeat_step_number")
    metafunc.parametrize(
        "__pytest_repeat_step_number", range(3), indirect=True, ids=lambda index: f"{index + 1}-3"
    )

@pytest.fixture
def __pytest_repeat_step_number(request):
    return request.param
"""


def test_repeated_test_has_one_golden(suite):
    suite.write("conftest.py", REPEAT)
    suite.write("test_simple.py", SIMPLE)
    suite.run().assert_outcomes(failed=3)
    assert len(suite.pending()) == 1
    suite.run("--snapshot-update").assert_outcomes(passed=3)
    assert suite.goldens() == ["test_simple/test_one.rows.md"]
    assert suite.pending() == []


REPEATED_STATE = """
from shop_schema import workspace

def test_one(session, golden):
    session.execute(workspace.insert().values(name="x"))
    assert session == golden.changes
"""


def test_repeated_test_names_its_changes_as_one_that_runs_once(suite):
    suite.write("test_simple.py", REPEATED_STATE)
    suite.run("--snapshot-update").assert_outcomes(passed=1)
    suite.write("conftest.py", REPEAT)
    suite.run().assert_outcomes(passed=3)


HYPOTHESIS = """
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings, strategies as st

@settings(suppress_health_check=list(HealthCheck), database=None)
@given(st.integers())
def test_many(session, golden, number):
    assert [(number,)] == golden.rows
"""


def test_hypothesis_test_gets_instructions_and_leaves_nothing_pending(suite):
    suite.write("test_many.py", HYPOTHESIS)
    result = suite.run("-p", "no:hypothesispytest")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_many: Hypothesis calls this test many times*"])
    assert suite.pending() == []
    assert suite.goldens() == []


def test_review_reads_the_text_that_was_compared(suite):
    suite.write("test_odd.py", ODD)
    suite.run("test_odd.py::test_odd[0]")
    assert len(suite.pending()) == 2
    from pytest_query_snapshot.cli.main import main  # noqa: PLC0415  after the session

    assert main(["--root", str(suite.path), "accept", "--all"]) == 0
    suite.run("test_odd.py::test_odd[0]").assert_outcomes(passed=1)
    assert files.read(suite.snapshots / "test_odd/test_odd[0].sqlite.sql").count("\r\n") >= 1
