"""JSON null and SQL NULL of rows and entities that the test loaded: both are None there."""

from __future__ import annotations

import pytest

MODELS = """
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    data: Mapped[dict | None] = mapped_column(sa.JSON)

metadata = Base.metadata
"""
TESTS = """
import pytest, sqlalchemy as sa
from notes import Note

VALUES = {"json": [sa.JSON.NULL], "sql": [sa.null()], "both": [sa.JSON.NULL, sa.null()]}
LOADS = {
    "rows": lambda session: session.execute(sa.select(Note.data)).all(),
    "labelled": lambda session: session.execute(sa.select(Note.data.label("d"), Note.id)).all(),
    "core": lambda session: session.connection().execute(sa.select(Note.__table__.c.data)).fetchmany(5),
    "entities": lambda session: session.scalars(sa.select(Note)).all(),
    "one": lambda session: session.get(Note, 1),
    "unread": lambda session: session.scalars(sa.select(Note)),
}

@pytest.mark.parametrize("load", LOADS)
@pytest.mark.parametrize("kind", ["json", "sql"])
def test_kind(session, golden, kind, load):
    for value in VALUES[kind]:
        session.execute(sa.insert(Note).values(id=1, data=value))
    assert LOADS[load](session) == golden.rows

def test_both(session, golden):
    for at, value in enumerate(VALUES["both"]):
        session.execute(sa.insert(Note).values(id=1 + at, data=value))
    rows = session.execute(sa.select(Note.data)).all()
    assert session.execute(sa.select(Note.data).order_by(Note.id)) == golden("unread").rows
    assert rows == golden.rows

async def test_async(async_session, golden):
    await async_session.execute(sa.insert(Note).values(id=1, data=sa.JSON.NULL))
    assert (await async_session.scalars(sa.select(Note))).all() == golden.rows
"""
LOADS = ("rows", "labelled", "core", "entities", "one", "unread")


@pytest.mark.parametrize("mode", ["savepoint", "connections"])
@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_json_null_and_sql_null_of_loaded_values_are_stored_differently(make_project, dialect_name, mode):
    project = make_project(dialect_name)
    ini = project.pytester.path / "pytest.ini"
    ini.write_text(ini.read_text("utf-8").replace("shop_schema", "notes"), "utf-8")
    project.pytester.makepyfile(notes=MODELS)
    project.test(TESTS)
    result = project.run(f"--isolation={mode}", "--snapshot-update")
    result.assert_outcomes(passed=13, failed=1)
    result.stdout.fnmatch_lines(["*data was read as JSON null and as SQL NULL, both None here*"])
    folder = project.pytester.path / "__snapshots__/test_it"

    def last_row(name):
        return (folder / f"{name}.rows.md").read_text("utf-8").splitlines()[-1]

    for load in LOADS:
        assert "NULL" in last_row(f"test_kind[sql-{load}]")
        assert "null" in last_row(f"test_kind[json-{load}]")
    assert "null" in last_row("test_async")
    assert (folder / "test_both-unread.rows.md").read_text("utf-8").endswith("| null |\n| NULL |\n")
