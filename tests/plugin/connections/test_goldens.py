"""Goldens in the mode `connections`: rows, statements and states of real engines."""

from __future__ import annotations

TESTS = """
import pytest, sqlalchemy as sa
from shop_schema import agent, workspace

@pytest.mark.seed("workspaces")
def test_rows(session, golden):
    rows = session.execute(sa.select(workspace).order_by(workspace.c.id))
    assert rows == golden

@pytest.mark.seed("workspaces")
def test_changes(session, golden):
    with golden.step("add"):
        session.execute(agent.insert().values(workspace_id=1, name="a"))
        session.commit()
    with golden.step("rename"):
        session.execute(workspace.update().values(name="renamed"))
        session.commit()
    assert session == golden.changes

@pytest.mark.seed("workspaces")
async def test_async_rows(async_session, golden):
    rows = await async_session.execute(sa.select(workspace).order_by(workspace.c.id))
    assert rows == golden.rows

@pytest.mark.seed("workspaces")
async def test_async_rows_of_the_orm(async_session, golden):
    from sqlalchemy.orm import registry
    Workspace = type("Workspace", (), {"__table__": workspace})
    registry().map_imperatively(Workspace, workspace)
    rows = await async_session.execute(sa.select(Workspace.id, Workspace.name))
    assert rows == golden.rows
"""


def run_twice(project):
    project.seed("workspaces", "INSERT INTO workspace (id, name) VALUES (1, 'w');")
    project.test(TESTS)
    project.run("--snapshot-update").assert_outcomes(passed=4)
    result = project.run()
    result.assert_outcomes(passed=4)
    return {path.name: path.read_text() for path in (project.pytester.path / "__snapshots__").rglob("*.*")}


def test_goldens_hold_in_the_mode(project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    texts = run_twice(project)
    (changes,) = [text for name, text in texts.items() if name.startswith("test_changes")]
    assert "agent#1" in changes
    assert "'w' -> 'renamed'" in changes
    assert any("FROM workspace" in text for name, text in texts.items() if name.endswith(".sql"))


def test_golden_after_a_transaction_left_open_is_compared(project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project.seed("workspaces", "INSERT INTO workspace (id, name) VALUES (1, 'w');")
    project.test(
        TESTS
        + """
KEPT = []
def test_last(engine):
    KEPT.append(engine.connect())
    KEPT[0].execute(workspace.insert().values(name="uncommitted"))

@pytest.mark.seed("workspaces")
def test_then(session, golden):
    KEPT.pop().invalidate()
    test_changes(session, golden)
"""
    )
    project.run("--snapshot-update").assert_outcomes(passed=6)


LOCKED = """
import pytest, sqlalchemy as sa
from shop_schema import workspace

@pytest.mark.seed("workspaces")
def test_lock_before_the_write(session, golden):
    with golden.step("rename"):
        found = session.execute(sa.select(workspace).with_for_update()).one()
        session.execute(workspace.update().values(name="renamed"))
        session.commit()
    assert session == golden.changes
"""


def test_transaction_of_the_first_write_is_not_unread_work(project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    project.seed("workspaces", "INSERT INTO workspace (id, name) VALUES (1, 'w');")
    project.test(LOCKED)
    project.run("--snapshot-update").assert_outcomes(passed=1)
    (text,) = [path.read_text() for path in (project.pytester.path / "__snapshots__").rglob("*.md")]
    assert "'w' -> 'renamed'" in text
    assert "not read" not in text


FURTHER = """
import os, pytest, sqlalchemy as sa
import sqlalchemy.orm
from shop_schema import agent, metadata, workspace

audit = sa.create_engine(os.environ["AUDIT_URL"])

@pytest.fixture(scope="session", autouse=True)
def tables():
    metadata.create_all(audit)
    with audit.begin() as connection:
        connection.execute(workspace.insert().values(id=1, name="first"))

def test_both(engine, golden):
    with sa.orm.Session(engine, binds={agent: audit}) as session, golden.step("add"):
        session.execute(workspace.insert().values(name="main"))
        session.execute(agent.insert().values(workspace_id=1, name="audited"))
        session.commit()
    assert session == golden.changes
"""


def test_further_database_is_named_by_its_label(project, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    path = project.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\nquery_snapshot_url_variables = AUDIT_URL=@audit\n")
    project.test(FURTHER)
    project.run("--snapshot-update").assert_outcomes(passed=1)
    (text,) = [path.read_text() for path in (project.pytester.path / "__snapshots__").rglob("*.md")]
    assert "### audit: agent" in text
    assert "### tests: workspace" in text
