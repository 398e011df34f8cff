"""The plugin's own fixtures in the mode `connections`: real engines, real commits, put back after each test."""

from __future__ import annotations

WRITES = """
import pytest, sqlalchemy as sa
from shop_schema import workspace

@pytest.mark.parametrize("n", range(3))
def test_commit(session, engine, n):
    session.execute(workspace.insert().values(name="a"))
    session.commit()
    with engine.connect() as other:
        assert other.execute(sa.select(workspace)).all() == [(1, "a")]
"""
OWN_ENGINE = """
import pytest, sqlalchemy as sa
from shop_schema import workspace

@pytest.fixture(scope="session")
def own(database_url):
    engine = sa.create_engine(database_url)
    yield engine
    engine.dispose()

@pytest.mark.parametrize("n", range(3))
def test_commit(own, n):
    with own.begin() as connection:
        assert connection.execute(sa.select(workspace)).all() == []
        connection.execute(workspace.insert().values(name="a"))
"""
ASYNC = """
import pytest, sqlalchemy as sa
from shop_schema import workspace

@pytest.mark.parametrize("n", range(3))
async def test_session(async_session, async_engine, n):
    await async_session.execute(workspace.insert().values(name="a"))
    await async_session.commit()
    async with async_engine.connect() as other:
        assert (await other.execute(sa.select(workspace))).all() == [(1, "a")]

@pytest.mark.parametrize("n", range(3))
async def test_left_open(async_session, n):
    await async_session.execute(workspace.insert().values(name="a"))
"""
SEEDS = """
import pytest, sqlalchemy as sa
from shop_schema import agent, workspace

def count(session, table):
    return session.scalar(sa.select(sa.func.count()).select_from(table))

@pytest.mark.seed("agents")
@pytest.mark.parametrize("n", range(2))
def test_agents(session, n):
    assert (count(session, workspace), count(session, agent)) == (1, 2)
    session.execute(sa.delete(agent)); session.commit()

@pytest.mark.parametrize("n", range(2))
def test_nothing(session, n):
    assert (count(session, workspace), count(session, agent)) == (0, 0)
    session.execute(workspace.insert().values(name="a")); session.commit()

@pytest.mark.seed("workspaces")
@pytest.mark.parametrize("n", range(2))
def test_workspaces(session, n):
    assert (count(session, workspace), count(session, agent)) == (1, 0)
    session.execute(workspace.insert().values(name="b")); session.commit()

@pytest.mark.seed("agents")
def test_agents_again(session):
    test_agents(session, 3)
"""


def seeds(project):
    project.seed("workspaces", "INSERT INTO workspace (id, name) VALUES (1, 'w');")
    project.seed(
        "agents",
        "-- requires: workspaces\nINSERT INTO agent (id, workspace_id, name) VALUES (1, 1, 'a'), (2, 1, 'b');",
    )


def test_commits_are_put_back_with_their_sequences(project):
    project.test(WRITES)
    project.run().assert_outcomes(passed=3)


def test_engine_of_the_project_by_database_url(project):
    project.test(OWN_ENGINE)
    project.run().assert_outcomes(passed=3)


def test_async_sessions_and_engines_over_event_loops(project):
    project.test(ASYNC)
    result = project.run()
    result.assert_outcomes(passed=6)


def test_seed_sets_are_switched(project):
    seeds(project)
    project.test(SEEDS)
    project.run().assert_outcomes(passed=7)


def test_seed_that_fails_is_reported_and_leaves_nothing(project):
    seeds(project)
    project.seed("broken", "INSERT INTO workspace (id, name) VALUES (7, 'x');\nINSERT INTO nowhere VALUES (1);")
    project.test(
        SEEDS
        + """
@pytest.mark.seed("broken")
def test_broken(session):
    raise AssertionError

def test_after(session):
    test_nothing(session, 0)
"""
    )
    result = project.run()
    result.assert_outcomes(passed=8, errors=1)
    result.stdout.fnmatch_lines(["*broken.sql:2: *nowhere*"])


def test_scratch_database_is_another_name_for_the_database(project):
    project.test("""
import pytest, sqlalchemy as sa
from shop_schema import workspace

@pytest.mark.parametrize("n", range(2))
def test_alias(scratch_database, session, n):
    with scratch_database.engine().begin() as connection:
        connection.execute(workspace.insert().values(name="a"))
    assert session.scalars(sa.select(workspace.c.name)).all() == ["a"]
""")
    result = project.run("-Wdefault::DeprecationWarning")
    result.assert_outcomes(passed=2, warnings=2)
    result.stdout.fnmatch_lines(["*DeprecationWarning: scratch_database: *take `engine` or `database_url`*"])


def test_database_url_needs_the_mode(make_project):
    project = make_project("sqlite")
    project.test("def test_it(database_url): pass")
    result = project.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(['*test_it: database_url leads to real connections*isolation("connections")*'])
