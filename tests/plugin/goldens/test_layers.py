"""Whatever layer executes, one golden takes it in, once."""

from __future__ import annotations

import pytest

LAYERS = """
import asyncio
import threading
import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from shop_schema import agent, workspace

pytestmark = pytest.mark.seed("agents")
RENAME = sa.update(agent).where(agent.c.id == 1).values(name="Zoe")

def test_orm(session, golden):
    session.execute(RENAME)
    assert session == golden.sql

def test_core(engine, golden):
    with engine.begin() as connection:
        connection.execute(RENAME)
    assert engine == golden.sql

def test_text(engine, golden):
    with engine.connect() as connection:
        connection.execute(sa.text("UPDATE agent SET name = :name WHERE id = 1"), {"name": "Zoe"})
        connection.exec_driver_sql("DELETE FROM agent WHERE id = 3")
    assert engine == golden.sql

def test_raw(engine, golden):
    raw = engine.raw_connection()
    cursor = raw.cursor()
    cursor.execute("UPDATE agent SET name = 'Zoe' WHERE id = 1")
    with pytest.raises(Exception):
        cursor.execute("UPDATE agent SET workspace_id = NULL")
    raw.close()
    assert engine == golden.sql

def test_async(async_engine, golden):
    async def rename():
        async with AsyncSession(async_engine) as session:
            await session.execute(RENAME)
            return (await session.execute(sa.select(agent.c.name).order_by(agent.c.id))).all()
    assert asyncio.run(rename()) == golden

def test_thread(engine, golden):
    def rename():
        with engine.begin() as connection:
            connection.execute(RENAME)
    thread = threading.Thread(target=rename)
    thread.start()
    thread.join()
    assert engine == golden.sql

def test_state(session, golden):
    session.execute(RENAME)
    assert session == golden.state

def test_steps(session, golden):
    with golden.step("first"):
        session.execute(RENAME)
    session.execute(sa.delete(agent).where(agent.c.id == 2))
    with golden.step("second"):
        pass
    assert golden.state == session
"""


@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_each_layer_is_recorded_once(make_project, pytester, monkeypatch, dialect_name):
    monkeypatch.delenv("CI", raising=False)
    project = make_project(dialect_name)
    project.seed(
        "agents",
        "INSERT INTO workspace (id, name) VALUES (1, 'Acme');"
        "INSERT INTO agent (id, workspace_id, name) VALUES (1, 1, 'Ada'), (2, 1, 'Bob'), (3, 1, 'Eve');",
    )
    project.test(LAYERS)
    project.run("--snapshot-update").assert_outcomes(passed=8)
    project.run().assert_outcomes(passed=8)
    folder = pytester.path / "__snapshots__" / "test_it"
    texts = {
        path.name.partition(".")[0]: path.read_text(encoding="utf-8")
        for path in folder.glob(f"*.{dialect_name}.sql")
    }
    assert {name: text.count("UPDATE") for name, text in texts.items()} == {
        "test_orm": 1,
        "test_core": 1,
        "test_text": 1,
        "test_raw": 2,
        "test_async": 1,
        "test_thread": 1,
        "test_state": 1,
        "test_steps": 1,
    }
    assert "-- error: " in texts["test_raw"]
    assert "DELETE FROM agent" in texts["test_text"]
    steps = (folder / "test_steps.state.md").read_text(encoding="utf-8")
    assert [line for line in steps.splitlines() if line.startswith("##")] == [
        "## first",
        "### agent",
        "## before second",
        "### agent",
        "## second",
    ]
    assert "~ agent#1: name 'Ada' -> 'Zoe'" in (folder / "test_state.state.md").read_text(encoding="utf-8")


HIDDEN = """
import sqlalchemy as sa
from shop_schema import metadata, workspace

note = sa.Table("note", metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("workspace_id", sa.ForeignKey("workspace.id", ondelete="CASCADE")),
    sa.Column("body", sa.JSON().with_variant(sa.dialects.postgresql.JSONB(), "postgresql")),
    sa.Column("price", sa.Numeric(10, 2)),
    sa.Column("at", sa.DateTime),
    sa.Column("token", sa.Uuid))
entry = sa.Table("entry", metadata, sa.Column("text", sa.Text))

TRIGGERS = {
    "sqlite": ["CREATE TRIGGER noted AFTER DELETE ON note BEGIN INSERT INTO entry VALUES ('gone'); END"],
    "postgresql": [
        "CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN INSERT INTO entry VALUES ('gone'); RETURN NULL; END $$",
        "CREATE TRIGGER noted AFTER DELETE ON note FOR EACH ROW EXECUTE FUNCTION tell()",
    ],
}

def test_hidden(engine, session, golden):
    with engine.begin() as connection:
        for statement in TRIGGERS[engine.dialect.name]:
            connection.exec_driver_sql(statement)
        connection.execute(sa.insert(workspace).values(id=1, name="Acme"))
        connection.execute(sa.insert(note).values(
            id=1, workspace_id=1, body={"n": 1}, price=2, at=sa.text("'2026-01-05 09:00:00.000000'"),
            token=sa.literal(__import__("uuid").UUID(int=7), sa.Uuid),
        ))
    with golden.step("json"):
        session.execute(sa.update(note).values(body={"n": True}))
        session.commit()
    with golden.step("raw"):
        raw = engine.raw_connection()
        raw.cursor().execute("UPDATE note SET price = 2.5")
        raw.commit()
    with golden.step("cascade"):
        session.execute(sa.delete(workspace))
    assert session == golden.changes
"""


@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_change_without_statement_is_in_the_state(make_project, pytester, monkeypatch, dialect_name):
    monkeypatch.delenv("CI", raising=False)
    project = make_project(dialect_name)
    project.test(HIDDEN)
    project.run("--snapshot-update").assert_outcomes(passed=1)
    folder = pytester.path / "__snapshots__" / "test_it"
    lines = (folder / "test_hidden.state.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line[:2] in {"##", "+ ", "- ", "~ "}] == [
        "## json",
        "### note",
        '~ note#1: body {"n": 1} -> {"n": true}',
        "## raw",
        "### note",
        "~ note#1: price 2 -> 2.5",
        "## cascade",
        "### entry",
        "+ text='gone'",
        "### note",
        '- note#1: workspace_id=workspace#1, body={"n": true}, price=2.5, at=2026-01-05 09:00:00, token=token#1',
        "### workspace",
        "- workspace#1: name='Acme'",
    ]
