"""A project's own engines, sessions and fixtures are observed as they are."""

from __future__ import annotations

import pytest

from tests.plugin.goldens.own_engines.conftest import golden

OWN_SESSION = """
@pytest.fixture(scope="session")
def engine(tmp_path_factory):
    engine = sa.create_engine(f"sqlite:///{tmp_path_factory.mktemp('db') / 'app.db'}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()

@pytest.fixture(scope="SCOPE")
def session(engine):
    with engine.connect() as connection:
        transaction = connection.begin()
        with Session(connection, join_transaction_mode="create_savepoint") as session:
            yield session
        transaction.rollback()
"""
USES = """
def test_rows(session, golden):
    session.execute(INSERT)
    assert session.execute(sa.select(workspace.c.name)) == golden

def test_state(golden, session):
    session.execute(INSERT.values(name="Globex"))
    assert session == golden.state
"""


@pytest.mark.parametrize("scope", ["function", "session"])
@pytest.mark.parametrize("isolation", ["savepoint", "none"])
def test_own_session_fixture_of_any_scope_takes_the_place_of_the_plugins(run, scope, isolation):
    run(USES, f"--isolation={isolation}", conftest=OWN_SESSION.replace("SCOPE", scope)).assert_outcomes(passed=2)
    assert "INSERT INTO workspace" in golden(run, "test_rows.sqlite.sql")
    assert "name='Globex'" in golden(run, "test_state.state.md")


LAYERS = """
ENGINE = sa.create_engine("sqlite:///app.db")
metadata.create_all(ENGINE)
ENGINE.connect().close()

def test_options(golden):
    with ENGINE.execution_options(stream_results=False).begin() as connection:
        connection.execute(INSERT)
    assert ENGINE == golden.sql

def test_thread(golden):
    def add():
        with ENGINE.begin() as connection:
            connection.execute(INSERT)
    thread = threading.Thread(target=add)
    thread.start()
    thread.join()
    assert ENGINE == golden.sql

def test_scoped(golden):
    registry = scoped_session(sessionmaker(ENGINE))
    registry.execute(INSERT)
    assert registry == golden.sql
    registry.remove()

def test_async(golden):
    from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
    engine = create_async_engine("sqlite+aiosqlite:///app.db")
    async def add():
        async with AsyncSession(engine) as session:
            await session.execute(INSERT)
            await session.commit()
        await engine.dispose()
    asyncio.run(add())
    assert golden.sql == engine
"""


def test_every_way_to_an_engine_is_recorded_once(run):
    run(LAYERS).assert_outcomes(passed=4)
    for name in ("options", "thread", "scoped", "async"):
        assert golden(run, f"test_{name}.sqlite.sql").count("INSERT INTO workspace") == 1


RAW = """
@pytest.fixture
def engine():
    engine = sa.create_engine("sqlite:///raw.db")
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.delete(workspace))
    engine.dispose()
    return engine

def test_raw(engine, golden):
    raw = engine.raw_connection()
    raw.cursor().execute("INSERT INTO workspace (name) VALUES (?)", ("raw",))
    raw.commit()
    raw.close()
    assert engine == golden.state
"""


def test_raw_cursor_of_an_own_engine_is_recorded(run):
    run(RAW).assert_outcomes(passed=1)
    assert "INSERT INTO workspace (name) VALUES (?);\n-- 1 row\n-- 1 = 'raw'\n" in golden(
        run, "test_raw.sqlite.sql"
    ).replace("\nVALUES", " VALUES")
    assert "name='raw'" in golden(run, "test_raw.state.md")


PLACES = """
def check(session, golden):
    assert session == golden.changes

def test_helper(session, golden):
    session.execute(INSERT)
    check(session, golden)

@pytest.fixture
def checked(session, golden):
    yield session
    assert session == golden.changes

def test_fixture(checked):
    checked.execute(INSERT)

async def test_async(async_session, golden):
    await async_session.execute(INSERT)
    assert async_session == golden.changes

class TestUnittest(unittest.TestCase):
    @pytest.fixture(autouse=True)
    def take(self, session, golden):
        self.session, self.golden = session, golden

    def test_changes(self):
        self.session.execute(INSERT)
        self.assertEqual(self.session, self.golden.changes)

def test_set_up_is_not_part_of_a_step(session, golden):
    session.execute(INSERT.values(name="before"))
    with golden.step("add"):
        session.execute(INSERT)
    assert session == golden.changes
"""


def test_state_is_compared_wherever_the_comparison_stands(run):
    run(PLACES).assert_outcomes(passed=5)
    for name in ("test_helper", "test_fixture", "test_async", "TestUnittest.test_changes--f9d7a1b2"):
        found = list((run.path / "__snapshots__" / "test_it").glob(f"{name.partition('--')[0]}*.state.md"))
        assert [text.count("+ workspace#1: name='Acme'") for text in (each.read_text() for each in found)] == [1]
    assert "before" not in golden(run, "test_set_up_is_not_part_of_a_step.state.md")


DIRTY = """
from sqlalchemy.orm import DeclarativeBase

class Base(DeclarativeBase):
    metadata = metadata

class Workspace(Base):
    __table__ = workspace

def test_dirty(session, golden):
    session.add(Workspace(id=1, name="set-up"))
    with golden.step("add"):
        session.add(Workspace(id=2, name="step"))
    assert session == golden.changes
"""


def test_pending_flush_belongs_to_the_step_of_its_change(run):
    run(DIRTY).assert_outcomes(passed=1)
    text = golden(run, "test_dirty.state.md")
    assert "step" in text
    assert "set-up" not in text


DUCKDB = """
ENGINE = sa.create_engine("duckdb:///:memory:", poolclass=sa.StaticPool)
TABLE = sa.Table("fact", sa.MetaData(), sa.Column("id", sa.Integer), sa.Column("name", sa.Text))
TABLE.metadata.create_all(ENGINE)

def test_duckdb(golden):
    with Session(ENGINE) as session:
        session.execute(sa.insert(TABLE).values(id=1, name="duck"))
        assert session == golden.state
        assert session.execute(sa.select(TABLE)) == golden
"""


def test_any_dialect_is_observed_in_mode_none(run):
    pytest.importorskip("duckdb_engine")
    result = run(DUCKDB.replace("== golden\n", "== golden('rows')\n"), "--isolation=none", "-W", "ignore")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["query-snapshot: 4 goldens compared on duckdb"])
    result.stdout.no_fnmatch_line("*not verified here*")
    assert "INSERT INTO fact" in golden(run, "test_duckdb.duckdb.sql")
    assert "name='duck'" in golden(run, "test_duckdb.state.md")


def test_mode_none_says_once_that_nothing_is_undone(run):
    result = run(USES, "--isolation=none", conftest=OWN_SESSION.replace("SCOPE", "function"))
    assert str(result.stdout).count("nothing that tests do is undone") == 1


def test_mode_none_provides_no_database(make_project):
    project = make_project("sqlite")
    project.test("def test_session(session, golden):\n    assert session == golden.state\n")
    result = project.run("--isolation=none")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*isolation mode none: the plugin provides no database*"])


def test_writes_after_the_last_comparison_are_counted_by_the_session(run):
    body = """
def test_late(session, golden):
    session.execute(INSERT)
    assert session == golden.state
    session.execute(INSERT)

def test_read(session, golden):
    session.execute(INSERT)
    assert session == golden.state
    session.execute(sa.select(workspace)).all()

def test_rows(session, golden):
    assert session.execute(sa.select(workspace.c.name)).all() == golden.rows
    session.execute(INSERT)
"""
    result = run(body, "--snapshot-details")
    result.stdout.fnmatch_lines(
        [
            "query-snapshot: 1 test wrote after the last comparison of statements or states; *",
            "  test_it.py::test_late",
        ]
    )
    result.stdout.no_fnmatch_line("*  test_it.py::test_read")


PLAN_OF_OWN = """
import sqlalchemy as sa
from shop_schema import metadata, workspace

def test_plan(tmp_path, golden):
    own = sa.create_engine(f"sqlite:///{tmp_path}/own.db")
    metadata.create_all(own)
    assert sa.select(workspace).where(workspace.c.id == 1) == golden.plan
    own.dispose()
"""


def test_plan_is_that_of_the_only_engine_used(make_project):
    project = make_project("sqlite")
    project.test(PLAN_OF_OWN)
    project.run("--isolation=none", "--snapshot-update").assert_outcomes(passed=1)
    (golden,) = (project.pytester.path / "__snapshots__").rglob("*.plan.txt")
    assert "workspace" in golden.read_text("utf-8")
