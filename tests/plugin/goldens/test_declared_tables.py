"""Databases without known metadata: their tables are read by the types that the process declares."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.recording.tables.declared import DeclaredTables

MODELS = """
import datetime as dt
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

class Visit(Base):
    __tablename__ = "visit_with_zone"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime] = mapped_column(sa.DateTime(timezone=True))
    local: Mapped[dt.datetime]
    is_open: Mapped[bool]
"""
CONFTEST = """
import pytest, visits

@pytest.fixture(scope="session")
def query_snapshot_schema():
    return lambda connection: visits.Base.metadata.create_all(connection)
"""
TEST = """
import datetime as dt
import sqlalchemy as sa
from visits import Visit

NOON = dt.datetime(2026, 3, 1, 12)

def test_it(session, golden):
    with golden.step("add"):
        session.add(Visit(at=NOON.replace(tzinfo=dt.timezone.utc), local=NOON, is_open=True))
        session.flush()
    assert session == golden.changes
    assert session.execute(sa.select(Visit.at, Visit.local)).all() == golden("fetched").rows
"""


@pytest.mark.parametrize("mode", ["savepoint", "connections"])
@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_instant_reads_alike_on_both_databases_where_a_function_makes_the_schema(make_project, dialect_name, mode):
    project = make_project(dialect_name)
    project.pytester.makeini("[pytest]\npythonpath = .\nasyncio_default_fixture_loop_scope = function\n")
    project.pytester.makepyfile(visits=MODELS)
    project.pytester.makeconftest(CONFTEST)
    project.test(TEST)
    project.run(f"--isolation={mode}", "--snapshot-update").assert_outcomes(passed=1)
    folder = project.pytester.path / "__snapshots__/test_it"
    shown = "at=2026-03-01 12:00:00Z, local=2026-03-01 12:00:00, is_open=true"
    assert shown in (folder / "test_it.state.md").read_text("utf-8")
    row = "| 2026-03-01 12:00:00Z | 2026-03-01 12:00:00 |"
    assert row in (folder / "test_it-fetched.rows.md").read_text("utf-8")


def reflected(*columns):
    return sa.Table("seen_by_reflection", sa.MetaData(), *(sa.Column(name, sa.Text) for name in columns))


def declared(kind):
    return sa.Table("seen_by_reflection", sa.MetaData(), sa.Column("a", kind), sa.Column("b", sa.Text))


def test_declaration_with_the_same_columns_is_taken():
    one = declared(sa.DateTime(timezone=True))
    assert DeclaredTables().instead_of([reflected("b", "a")]) == [one]


def test_declaration_with_other_columns_is_left():
    one, found = declared(sa.Integer), reflected("a", "b", "c")
    assert DeclaredTables().instead_of([found]) == [found] != [one]


def test_declarations_that_differ_in_a_type_are_left():
    one, other, found = declared(sa.Integer), declared(sa.JSON), reflected("a", "b")
    assert DeclaredTables().instead_of([found]) == [found]
    assert one is not other
