"""A project whose clock runs: what differs from run to run is named, not told."""

from __future__ import annotations

import pytest

SCHEMA = """
import datetime as dt
import secrets
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

class Base(DeclarativeBase):
    pass

def now():
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)

class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str]
    due: Mapped[dt.datetime | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=now)
    updated_at: Mapped[dt.datetime | None] = mapped_column(onupdate=now)
    noted_at: Mapped[dt.datetime] = mapped_column(server_default=sa.func.current_timestamp())
    secret: Mapped[str] = mapped_column(default=secrets.token_hex)

class Log(Base):
    __tablename__ = "log"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[dt.datetime | None] = mapped_column(default=now)
"""
SEED = """
INSERT INTO note (id, title, due, created_at, noted_at, secret) VALUES
    (1, 'first', '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00.000000', '2026-01-05 09:00:00', 's'),
    (2, 'second', NULL, '2026-01-06 09:00:00.000000', '2026-01-05 09:00:00', 't');
"""
TESTS = """
import datetime as dt
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from notes import Base, Log, Note, now

pytestmark = pytest.mark.seed("notes")

def add(session):
    session.add_all([Note(id=3, title="third"), Note(id=4, title="<timestamp>", updated_at=now())])
    session.flush()

def test_rows(session, golden):
    add(session)
    note = Note.__table__.c
    query = sa.select(note.title, note.due, note.created_at, note.updated_at, note.secret)
    assert session.execute(query) == golden.rows

def test_objects(session, golden):
    add(session)
    assert session.scalars(sa.select(Note).order_by(Note.id)) == golden.rows

def test_aggregates(session, golden):
    add(session)
    note = Note.__table__.c.created_at
    latest = sa.select(sa.func.max(note).label("at"), sa.func.count(note).label("n")).subquery()
    assert session.execute(sa.select(latest.c.at, latest.c.n)) == golden.rows

def test_sorted(session, golden):
    add(session)
    assert session.execute(sa.select(Note.title, Note.created_at).order_by(Note.created_at)) == golden.rows

def test_dicts(golden):
    assert [{"created_at": now(), "on": now().date(), "due": dt.date(2026, 1, 5)}] == golden.rows

def test_state(session, golden):
    with golden.step("add"):
        add(session)
    with golden.step("touch"):
        session.execute(sa.update(Note).where(Note.id == 1).values(title="touched"))
    with golden.step("touch again"):
        session.execute(sa.update(Note).where(Note.id == 1).values(created_at=now()))
    assert session == golden.changes

def test_statements(session, golden):
    session.execute(sa.select(Note.id).where(
        Note.created_at.between(now(), now() + dt.timedelta(days=1)), Note.due > dt.datetime(2026, 1, 1)))
    session.execute(sa.select(Note.id).where(Note.created_at.in_([now(), now()])))
    session.execute(sa.insert(Note).values([{"id": 8, "title": "x"}, {"id": 9, "title": "y"}]))
    update = sa.text("UPDATE note SET created_at = :created_at WHERE id = :id").bindparams(
        sa.bindparam("created_at", type_=sa.DateTime)
    )
    session.execute(update, {"id": 1, "created_at": now()})
    session.execute(sa.update(Note).values(due=dt.datetime(2026, 2, 1)))
    assert session == golden.sql
"""
INI = """
[pytest]
query_snapshot_metadata = notes:Base.metadata
query_snapshot_mask =
    note.*ed_at
    note.secret
    log.created_at
    *.on
    *.created_at
filterwarnings = error
pythonpath = .
addopts = -p no:cacheprovider -p no:asyncio
"""


@pytest.fixture
def notes(make_project, pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)

    def make(dialect_name):
        project = make_project(dialect_name)
        pytester.makefile(".ini", pytest=INI)
        pytester.makepyfile(notes=SCHEMA)
        project.seed("notes", SEED)
        project.test(TESTS)
        return project

    return make


@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_a_running_clock_changes_no_golden(notes, pytester, dialect_name):
    project = notes(dialect_name)
    project.run("--snapshot-update").assert_outcomes(passed=7)
    project.run().assert_outcomes(passed=7)
    folder = pytester.path / "__snapshots__" / "test_it"
    texts = {path.name.partition(".")[0]: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    note = "| <timestamp> | {} | <text> |"
    assert texts["test_rows"].splitlines()[4:] == [
        f"| '<timestamp>' | NULL {note.format('<timestamp>')}",
        f"| first | 2026-01-05 09:00:00 {note.format('NULL')}",
        f"| second | NULL {note.format('NULL')}",
        f"| third | NULL {note.format('NULL')}",
    ]
    assert "| note#3 | third | NULL | <timestamp> | NULL | <timestamp> | <text> |" in texts["test_objects"]
    assert texts["test_aggregates"].splitlines()[-1] == "| <timestamp> | 4 |"
    # the order of readings of a clock is not told either
    assert texts["test_sorted"].startswith("order: note.created_at (masked)\n")
    assert texts["test_dicts"].splitlines()[-1] == "| <timestamp> | <date> | 2026-01-05 |"
    masked = "created_at=<timestamp>, updated_at=<timestamp>, noted_at=<timestamp>"
    assert [line for line in texts["test_state"].splitlines() if line[:2] in {"##", "+ ", "~ "}] == [
        "## add",
        "### note",
        f"+ note#4: title='<timestamp>', {masked}, secret=<text>",
        "+ note#3: title='third', created_at=<timestamp>, noted_at=<timestamp>, secret=<text>",
        "## touch",
        "### note",
        "~ note#1: title 'first' -> 'touched', updated_at NULL -> <timestamp>",
        "## touch again",
    ]
    assert [line for line in texts["test_statements"].splitlines() if line.startswith("-- :")] == [
        "-- :created_at_1 = <timestamp>",
        "-- :created_at_2 = <timestamp>",
        "-- :due_1 = 2026-01-01 00:00:00",
        "-- :created_at_1 = (<timestamp>, <timestamp>)",
        "-- :id_m0 = note#3, note#4",
        "-- :title_m0 = 'x', 'y'",
        "-- :created_at = <timestamp>",
        "-- :secret = <text>",
        "-- :created_at = <timestamp>",
        "-- :id = 1",
        "-- :due = 2026-02-01 00:00:00",
        "-- :updated_at = <timestamp>",
    ]


def test_without_the_setting_a_running_clock_changes_goldens(notes, pytester):
    project = notes("sqlite")
    pytester.makefile(".ini", pytest=INI.replace("query_snapshot_mask =", "markers ="))
    project.run("--snapshot-update").assert_outcomes(passed=7)
    project.run().assert_outcomes(failed=7)


def test_ids_are_never_masked(notes, pytester):
    project = notes("sqlite")
    pytester.makefile(".ini", pytest=INI.replace("*.on", "*.*"))
    project.run("--snapshot-update", "-k", "test_objects").assert_outcomes(passed=1)
    golden = pytester.path / "__snapshots__" / "test_it" / "test_objects.rows.md"
    assert "| note#1 | <text> | <timestamp> | " in golden.read_text(encoding="utf-8")
