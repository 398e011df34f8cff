"""Seeds in whole sessions: what is loaded, in which order, and what an error says."""

from __future__ import annotations

WORKSPACES = "INSERT INTO workspace (id, name) VALUES (1, 'one');\n"
AGENTS = "-- requires: workspaces\nINSERT INTO agent (id, workspace_id, name) VALUES (1, 1, 'a'), (2, 1, 'b');\n"
COUNTS = """
import pytest
from sqlalchemy import text

def count(session, table):
    return session.scalar(text(f"SELECT count(*) FROM {table}"))
"""


def outcome(result, line):
    """Look for a line of an error among those that pytest prints with a margin."""
    result.stdout.fnmatch_lines([f"*{line}*"])


def test_sets_of_one_run_do_not_mix(project):
    project.seed("workspaces", WORKSPACES)
    project.seed("agents", AGENTS)
    project.seed("more/workspaces", "INSERT INTO workspace (id, name) VALUES (2, 'two');")
    project.test(
        COUNTS
        + """
@pytest.mark.seed("agents")
def test_with_agents(session):
    assert (count(session, "workspace"), count(session, "agent")) == (1, 2)
    session.execute(text("DELETE FROM agent"))
    session.commit()

@pytest.mark.seed("workspaces")
def test_workspaces_alone(session):
    assert (count(session, "workspace"), count(session, "agent")) == (1, 0)

def test_empty(session):
    assert (count(session, "workspace"), count(session, "agent")) == (0, 0)

@pytest.mark.seed("more/workspaces", "agents")
def test_both(session, isolated_database):
    assert (count(session, "workspace"), count(session, "agent")) == (2, 2)
    assert isolated_database.seed_set.names == ("more/workspaces", "workspaces", "agents")

@pytest.mark.seed("workspaces")
class TestClass:
    @pytest.mark.seed("agents")
    def test_markers_add_up(self, session):
        assert (count(session, "workspace"), count(session, "agent")) == (1, 2)

@pytest.mark.seed("agents")
def test_with_agents_again(session):
    assert (count(session, "workspace"), count(session, "agent")) == (1, 2)
"""
    )
    project.run().assert_outcomes(passed=6)


def test_a_rollback_after_another_set_leaves_the_seeds(project):
    project.seed("workspaces", WORKSPACES)
    project.seed("agents", AGENTS)
    tests = [
        f"""
@pytest.mark.seed({', '.join(map(repr, names))})
def test_{at}(session):
    session.execute(text("DELETE FROM agent"))
    session.rollback()
    assert (count(session, "workspace"), count(session, "agent")) == {counts}
    session.execute(text("INSERT INTO workspace (id, name) VALUES (9, 'nine')"))
    session.rollback()
    assert count(session, "workspace") == {counts[0]}
"""
        for at, (names, counts) in enumerate([
            (("workspaces",), (1, 0)), (("agents",), (1, 2)), (("agents",), (1, 2)), (("workspaces",), (1, 0)),
        ])
    ]  # fmt: skip
    project.test(COUNTS + "".join(tests))
    project.run().assert_outcomes(passed=4)


def test_text_is_loaded_as_it_stands(project):
    project.seed(
        "odd",
        b"\xef\xbb\xbf-- c\r\nINSERT INTO workspace VALUES (1, '{\"a\":1} :name 50% %s $1 C:\\');\r\n"
        b"INSERT INTO workspace VALUES (2, 'two\r\nlines; -- not a comment');\r\n-- the end",
    )
    project.test(
        COUNTS
        + """
@pytest.mark.seed("odd")
def test_it(session):
    rows = session.execute(text("SELECT name FROM workspace ORDER BY id")).scalars().all()
    assert rows == ['{"a":1} :name 50% %s $1 C:\\\\', "two\\nlines; -- not a comment"]
"""
    )
    project.run().assert_outcomes(passed=1)


def test_error_says_file_line_and_statement_and_leaves_nothing(project):
    project.seed("workspaces", WORKSPACES)
    project.seed(
        "agents",
        "-- requires: workspaces\n\nINSERT INTO agent (id, workspace_id, name) VALUES (1, 1, 'a');\n"
        "INSERT INTO agent (id, workspace_id, name)\nVALUES (2, 1, 'a');\n",
    )
    project.test(
        COUNTS
        + """
@pytest.mark.seed("agents")
def test_broken(session):
    pass

@pytest.mark.seed("workspaces")
def test_other_sequences_continue(session):
    assert (count(session, "workspace"), count(session, "agent")) == (1, 0)
"""
    )
    result = project.run()
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.re_match_lines(
        [
            r"fixtures_sql/agents\.sql:4: .*(?i:unique).*\(nothing is loaded\)",
            r" +INSERT INTO agent \(id, workspace_id, name\)",
            r" +VALUES \(2, 1, 'a'\)",
        ]
    )


def test_missing_seed_names_who_asks_and_what_is_near(project):
    project.seed("agents", "-- requires: workspace\n")
    project.seed("workspaces", WORKSPACES)
    project.test(
        COUNTS
        + """
@pytest.mark.seed("agent")
def test_marker(session): pass

@pytest.mark.seed("agents")
def test_required(session): pass
"""
    )
    result = project.run()
    result.assert_outcomes(errors=2)
    asked, required = "test_it.py:7", "fixtures_sql/agents.sql:1"
    outcome(result, f"{asked}: no seed 'agent': fixtures_sql/agent.sql does not exist; did you mean agents?")
    outcome(
        result, f"{required}: no seed 'workspace': fixtures_sql/workspace.sql does not exist; did you mean works"
    )


def test_cycle_is_shown(project):
    project.seed("a", "-- requires: b\n")
    project.seed("b", "-- c\n-- requires: c\n")
    project.seed("c", "-- requires: a\n")
    project.test(COUNTS + '\n@pytest.mark.seed("a")\ndef test_it(session): pass\n')
    outcome(project.run(), "fixtures_sql/c.sql:1: seeds require each other: a -> b -> c -> a")


def test_broken_text_in_a_seed(project):
    project.seed("undoes", "INSERT INTO workspace VALUES (1, 'x');\nROLLBACK;\n")
    project.seed("open", "\n\nINSERT INTO workspace VALUES (1, 'x;\n")
    project.seed("latin", "-- ok\n-- café".encode("latin-1"))
    project.test(
        COUNTS
        + """
@pytest.mark.parametrize("name", [
    pytest.param(name, marks=pytest.mark.seed(name)) for name in ("undoes", "open", "latin")
])
def test_it(session, name): pass
"""
    )
    result = project.run()
    result.assert_outcomes(errors=3)
    outcome(result, "fixtures_sql/undoes.sql:2: a seed must not roll back")
    outcome(result, "fixtures_sql/open.sql:3: ' is never closed")
    outcome(result, "fixtures_sql/latin.sql:2: is not UTF-8")


def test_ids_continue_after_the_seeded_ones(project):
    project.seed("workspaces", WORKSPACES)
    project.seed("agents", AGENTS)
    project.test(
        COUNTS
        + """
ADD = text("INSERT INTO agent (workspace_id, name) VALUES (1, :name) RETURNING id")

@pytest.mark.seed("agents")
@pytest.mark.parametrize("again", [1, 2])
def test_next_id(session, again):
    assert [session.scalar(ADD, {"name": name}) for name in "xyz"] == [3, 4, 5]
    session.commit()

@pytest.mark.seed("workspaces")
def test_first_id(session):
    assert session.scalar(ADD, {"name": "x"}) == 1
"""
    )
    project.run().assert_outcomes(passed=3)


def test_sets_beyond_what_is_kept_are_loaded_again(project):
    names = [f"s{number}" for number in range(20)]
    for number, name in enumerate(names):
        project.seed(name, f"INSERT INTO workspace VALUES ({number}, 'w');")
    project.test(
        COUNTS
        + f"""
@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.seed(n)) for n in {names} * 2])
def test_it(session, name):
    ids = session.execute(text("SELECT id FROM workspace")).scalars().all()
    assert ids == [int(name[1:])]
"""
    )
    project.run().assert_outcomes(passed=40)
