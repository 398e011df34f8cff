"""A test that takes `golden` and compares nothing is red, with what was forgotten."""

from __future__ import annotations

import pytest

HEAD = "import pytest\nimport sqlalchemy as sa\nfrom shop_schema import workspace\n"
SEED = "INSERT INTO workspace (id, name) VALUES (1, 'Acme');"


@pytest.fixture
def run(make_project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    project.seed("acme", SEED)

    def run_test(body, *args, head=HEAD, update=True):
        project.test(head + body)
        return project.run(*(["--snapshot-update"] if update else []), *args)

    return run_test


FORGOTTEN = {
    "never compared": (
        "def test(session, golden): pass",
        "*nothing was compared: `golden`*assert rows == golden*",
    ),
    "a statement without ==": ("def test(golden): golden.rows", "*nothing was compared: `golden`*"),
    "a name never compared": (
        "def test(golden):\n    golden('late')\n    assert [1] == golden('first').rows",
        "*nothing was compared: golden('late')*",
    ),
    "a step without its comparison": (
        """
def test(session, golden):
    with golden.step('submit'): session.execute(sa.insert(workspace).values(name='a'))
    assert [1] == golden.rows
""",
        "*golden.step('submit') write `assert session == golden.state`*",
    ),
    "a step never entered": (
        "def test(golden):\n    golden.step('submit')\n    assert [1] == golden.rows",
        "*nothing was compared: write `with golden.step('submit'):`*",
    ),
    "a budget never entered": (
        "def test(golden): golden.budget(3)",
        "*nothing was compared: write `with golden.budget(3):`*",
    ),
}


COMPARED = {
    "a step by its statements": """
def test(session, golden):
    with golden.step('submit'): session.execute(sa.insert(workspace).values(name='a'))
    assert session == golden.sql
""",
    "a step by a statement of another comparison": """
def test(session, golden):
    with golden.step('submit'): session.execute(sa.insert(workspace).values(name='a'))
    assert session.execute(sa.select(workspace.c.name)) == golden
""",
    "an engine that nothing used": "def test(engine, golden): assert engine == golden.state",
    "an engine that was only read": """
def test(engine, golden):
    with engine.connect() as connection: connection.execute(sa.select(workspace.c.id)).all()
    assert engine == golden.state
""",
}


@pytest.mark.parametrize("body", COMPARED.values(), ids=COMPARED)
def test_golden_compared_with_little_passes(run, body):
    run(body).assert_outcomes(passed=1)


def test_list_without_statements_has_a_golden_that_says_so(run, pytester):
    run("def test(session, golden): assert [1] == golden").assert_outcomes(passed=1)
    folder = pytester.path / "__snapshots__" / "test_it"
    assert sorted(path.name for path in folder.iterdir()) == ["test.rows.md", "test.sqlite.sql"]
    assert folder.joinpath("test.sqlite.sql").read_text() == "-- no statements\n"


@pytest.mark.parametrize(("body", "message"), FORGOTTEN.values(), ids=FORGOTTEN)
def test_golden_not_compared_fails_and_says_what_was_forgotten(run, body, message):
    result = run(body)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines([message])


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("def test(golden): assert False", {"failed": 1}),
        ("def test(golden): pytest.skip('no')", {"skipped": 1}),
        ("@pytest.mark.xfail\ndef test(golden): assert False", {"xfailed": 1}),
        ("def test(golden): assert [1] == golden", {"passed": 1}),
        (
            "@pytest.fixture\ndef held(golden):\n    yield\n    assert [1] == golden\ndef test(held): pass",
            {"passed": 1},
        ),
    ],
)
def test_golden_not_compared_passes_where_the_test_did_not_end_or_compares_later(run, body, outcome):
    run(body).assert_outcomes(**outcome)


CAUGHT = {
    "by except": "    try: assert [2] == golden.rows\n    except AssertionError: pass",
    "by raises": "    with pytest.raises(AssertionError): assert [2] == golden.rows",
    "in a thread": (
        "    def work():\n        try: assert [2] == golden.rows\n        except AssertionError: pass\n"
        "    thread = threading.Thread(target=work); thread.start(); thread.join()"
    ),
    "of a value": (
        "    try: assert object() == golden.rows\n    except Exception: pass\n    assert [1] == golden('b').rows"
    ),
}


@pytest.mark.parametrize("body", CAUGHT.values(), ids=CAUGHT)
def test_comparison_whose_failure_was_caught_fails_the_test(run, body):
    head = "import pytest, threading\nimport sqlalchemy as sa\ndef test(session, golden):\n"
    run("    assert [1] == golden.rows\n    assert [1] == golden('b').rows\n", head=head).assert_outcomes(passed=1)
    result = run(body, "--snapshot-warn-unused", head=head, update=False)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*a comparison failed*its error was caught: *"])


def test_comparison_that_fails_in_a_subtest_is_reported_once(run):
    run("def test(golden): assert [1] == golden.rows").assert_outcomes(passed=1)
    unit = (
        "import unittest\nclass Test(unittest.TestCase):\n    @pytest.fixture(autouse=True)\n"
        "    def take(self, golden): self.golden = golden\n    def test(self):\n"
        "        with self.subTest('a'): assert [2] == self.golden.rows\n"
    )
    result = run(unit, update=False)
    result.stdout.no_fnmatch_line("*its error was caught*")
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_golden_used_after_its_test_is_refused(run):
    result = run(
        "KEPT = []\ndef test_a(golden):\n    KEPT.append(golden)\n    assert [1] == golden.rows\n"
        "def test_b(): assert [2] == KEPT[0]('late').rows\n"
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["E  *GoldenOutlivedError: this golden *test_a, which has ended*"])


def test_failing_fixture_is_reported_alone(run):
    result = run("@pytest.fixture\ndef held(golden):\n    yield\n    1 / 0\ndef test(held): pass")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.no_fnmatch_line("*nothing was compared*")


MISUSED = {
    "in": "golden in [(1,)]",
    "in golden": "1 in golden",
    "not equal": "[1] != golden",
    "less": "golden < [1]",
    "bool": "bool(golden.rows)",
    "hash": "{golden}",
    "iteration": "list(golden)",
    "a list as a name": "golden([1])",
    "an empty name": "golden('')",
    "a list as a step": "golden.step(['a'])",
    "an empty step": "golden.step(' ')",
    "nothing ignored": "golden.ignoring()",
    "a list ignored": "golden.ignoring(['a'])",
    "rounded to half a digit": "golden.rounding(a=1.5)",
    "rounded to True": "golden.rounding(a=True)",
    "rounded to None": "golden.rounding(a=None)",
}


@pytest.mark.parametrize("expression", MISUSED.values(), ids=MISUSED)
def test_golden_refuses_every_other_use(run, expression):
    result = run(f"def test(golden):\n    {expression}\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *golden*"])
    result.stdout.no_fnmatch_line("*goldens/golden.py*")


READ = {
    "wholly": "result.all()",
    "partly": "result.fetchone()",
    "as scalars": "result.scalars().first()",
    "closed": "result.close()",
}


@pytest.mark.parametrize("read", READ.values(), ids=READ)
@pytest.mark.parametrize("query", ["sa.select(workspace.c.id)", "sa.text('SELECT id FROM workspace')"])
def test_golden_refuses_a_result_that_was_read(run, read, query):
    result = run(
        "@pytest.mark.seed('acme')\ndef test(session, golden):\n"
        f"    result = session.execute({query})\n    {read}\n    assert result == golden\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *ConsumedResultError: this result was read or closed before*"])


ASYNC_QUERIES = {
    "table": "sa.select(workspace.c.id)",
    "text": "sa.text('SELECT id FROM workspace')",
    "entities": "sa.select(Workspace)",
    "attributes": "sa.select(Workspace.id, Workspace.name)",
}
ENTITY = """
from sqlalchemy.orm import registry
class Workspace: pass
registry().map_imperatively(Workspace, workspace)
"""


@pytest.mark.parametrize("query", ASYNC_QUERIES.values(), ids=ASYNC_QUERIES)
@pytest.mark.parametrize("filtered", ["", ".scalars()", ".unique()"])
def test_golden_takes_the_result_of_an_async_session(run, query, filtered):
    result = run(
        f"{ENTITY}@pytest.mark.seed('acme')\nasync def test(async_session, golden):\n"
        f"    assert (await async_session.execute({query})){filtered} == golden.rows\n",
        "--snapshot-update",
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize("read", READ.values(), ids=READ)
@pytest.mark.parametrize("query", ASYNC_QUERIES.values(), ids=ASYNC_QUERIES)
def test_golden_refuses_a_result_of_an_async_session_that_was_read(run, read, query):
    result = run(
        f"{ENTITY}@pytest.mark.seed('acme')\nasync def test(async_session, golden):\n"
        f"    result = await async_session.execute({query})\n    {read}\n    assert result == golden\n"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["E  *ConsumedResultError: this result was read or closed before*"])


SEEDS = {
    "empty": ("@pytest.mark.seed()", "session", "*marker seed names no file*"),
    "misspelt": ("@pytest.mark.seeds('acme')", "session", "*marker seeds*did you mean seed*"),
    "without a database": ("@pytest.mark.seed('acme')", "tmp_path", "*marker seed*uses no database*"),
}


@pytest.mark.parametrize(("marker", "fixture", "message"), SEEDS.values(), ids=SEEDS)
def test_seed_marker_that_loads_nothing_is_an_error(run, marker, fixture, message):
    result = run(f"{marker}\ndef test({fixture}): pass", "-W", "ignore")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])


ABANDONED = """
from sqlalchemy.orm import DeclarativeBase, Session
from shop_schema import metadata
KEPT = []

class Base(DeclarativeBase):
    metadata = metadata

class Workspace(Base):
    __table__ = workspace

def test_first(engine{fixture}):
    KEPT.append(Session(engine))
    KEPT[0].add(Workspace(id=90, name='left behind'))
{compared}
def test_second(session, golden):
    with golden.step('change'):
        session.add(Workspace(id=91, name='mine'))
    assert session == golden.changes
"""


@pytest.mark.parametrize(
    ("fixture", "compared"), [("", ""), (", golden", "    assert [1] == golden.rows\n")], ids=["plain", "golden"]
)
def test_work_that_an_earlier_test_left_unwritten_is_not_written_by_a_step(run, pytester, fixture, compared):
    first = "def test_a(golden): assert [1] == golden.rows\n"
    run(first + ABANDONED.format(fixture=fixture, compared=compared)).assert_outcomes(passed=3)

    (written,) = pytester.path.rglob("test_second.state.md")
    assert "mine" in written.read_text(encoding="utf-8")
    assert "left behind" not in written.read_text(encoding="utf-8")
