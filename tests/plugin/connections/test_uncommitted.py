"""State goldens of work that is not committed: read on the connection that did it, or said not to be read."""

from __future__ import annotations

import pytest

SETTINGS = "query_snapshot_isolation = connections\nquery_snapshot_url_variables = DATABASE_URL={driver}\n"
HEAD = """
import os, pytest, pytest_asyncio, sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from shop_schema import agent, workspace

pytestmark = pytest.mark.seed("workspaces")
"""
ROLLED_BACK = f"""{HEAD}
own = sa.create_engine(os.environ["DATABASE_URL"])

@pytest.fixture
def db():
    with own.connect() as connection:
        outer = connection.begin()
        with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        outer.rollback()

@pytest.mark.parametrize("n", range(2))
def test_changes(n, db, golden):
    db.execute(workspace.insert().values(name="set-up"))
    with golden.step("rename"):
        db.execute(workspace.update().values(name="renamed"))
        db.commit()
    with golden.step("remove"):
        db.execute(workspace.delete().where(workspace.c.id == 1))
    assert db == golden.changes
"""
ASYNC = f"""{HEAD}
own = create_async_engine(os.environ["DATABASE_URL"])

@pytest_asyncio.fixture
async def db():
    async with own.connect() as connection:
        outer = await connection.begin()
        async with AsyncSession(bind=connection, join_transaction_mode="create_savepoint") as session:
            yield session
        await outer.rollback()

@pytest.mark.parametrize("n", range(2))
async def test_changes(n, db, golden):
    await db.execute(workspace.insert().values(name="set-up"))
    async with golden.step("rename"):
        await db.execute(workspace.update().values(name="renamed"))
        await db.commit()
    async with golden.step("remove"):
        await db.execute(workspace.delete().where(workspace.c.id == 1))
    assert db == golden.changes
"""
SYNC_STEP_OF_ASYNC = ASYNC.replace("async with golden", "with golden")
ANOTHER = f"""{HEAD}
own = sa.create_engine(os.environ["DATABASE_URL"])

def test_changes(golden):
    with own.connect() as first, own.connect() as second:
        with golden.step("write"):
            first.execute(workspace.update().values(name="renamed"))
            second.execute(workspace.insert().values(name="new"))
        assert second == golden.changes
"""
READING = f"""{HEAD}
own = sa.create_engine(os.environ["DATABASE_URL"])

def test_changes(golden):
    with own.connect() as first:
        first.execute(sa.select(workspace)).all()
        with golden.step("write"), own.begin() as second:
            second.execute(workspace.update().values(name="renamed"))
        assert own == golden.changes
"""
HELD_BACK = f"""{HEAD}
from sqlalchemy.orm import DeclarativeBase
class Base(DeclarativeBase):
    metadata = workspace.metadata
class Workspace(Base):
    __table__ = workspace

own = sa.create_engine(os.environ["DATABASE_URL"])

def test_changes(golden):
    with Session(own) as db:
        with golden.step("add"):
            db.add(Workspace(name="new"))
        assert db == golden.changes
"""
DRIVERS = ["sqlite+pysqlite", "postgresql+psycopg", "postgresql+psycopg2"]
ASYNC_DRIVERS = ["sqlite+aiosqlite", "postgresql+asyncpg", "postgresql+psycopg"]


@pytest.fixture
def run(make_project, monkeypatch):
    """Run a test file with a driver, and return the outcome with the state golden."""
    monkeypatch.delenv("CI", raising=False)

    def run(source, driver):
        project = make_project(driver.partition("+")[0])
        path = project.pytester.path / "pytest.ini"
        path.write_text(f"{path.read_text()}\n{SETTINGS.format(driver=driver)}")
        project.seed("workspaces", "INSERT INTO workspace (id, name) VALUES (1, 'w');")
        project.test(source)
        result = project.run("--snapshot-update")
        texts = [path.read_text() for path in (project.pytester.path / "__snapshots__").rglob("*.state.md")]
        return result, texts

    return run


CHANGES = """## rename

### workspace

```diff
~ workspace#2: name 'set-up' -> 'renamed'
~ workspace#1: name 'w' -> 'renamed'
```

## remove

### workspace

```diff
- workspace#1: name='renamed'
```

unchanged: (none). Tables not listed are empty.
"""


@pytest.mark.parametrize(
    ("source", "driver"),
    [*((ROLLED_BACK, driver) for driver in DRIVERS), *((ASYNC, driver) for driver in ASYNC_DRIVERS)],
)
def test_steps_of_a_fixture_that_rolls_back_are_shown(run, source, driver):
    result, texts = run(source, driver)
    result.assert_outcomes(passed=2)
    assert texts == [CHANGES, CHANGES]


def test_sync_step_of_uncommitted_async_work_is_refused(run):
    result, texts = run(SYNC_STEP_OF_ASYNC, "sqlite+aiosqlite")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*its transaction is open; commit, or write `async with golden.step(..):`*"])
    assert texts == []


def test_uncommitted_work_of_another_connection_is_said_not_to_be_read(run):
    result, texts = run(ANOTHER, "postgresql+psycopg")
    result.assert_outcomes(passed=1)
    assert "+ workspace#2: name='new'" in texts[0]
    assert texts[0].endswith("not read: the work of another connection (not committed)\n")


@pytest.mark.parametrize("driver", ["sqlite+pysqlite", "postgresql+psycopg"])
def test_open_transaction_that_only_read_is_not_mentioned(run, driver):
    result, texts = run(READING, driver)
    result.assert_outcomes(passed=1)
    assert "not read" not in texts[0]
    assert "~ workspace#1: name 'w' -> 'renamed'" in texts[0]


def test_objects_that_a_new_session_holds_back_belong_to_the_step(run):
    result, texts = run(HELD_BACK, "sqlite+pysqlite")
    result.assert_outcomes(passed=1)
    assert texts[0].startswith("## add\n\n### workspace\n\n```diff\n+ workspace#2: name='new'\n")
