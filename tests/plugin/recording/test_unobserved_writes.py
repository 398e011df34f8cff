"""Rows that a connection wrote which no recorder hears, such as one of another process."""

from __future__ import annotations

import pytest

CONFTEST = """
import subprocess, sys
import pytest, sqlalchemy as sa

SQLITE = "import sqlite3; one = sqlite3.connect({!r}, isolation_level=None); one.execute({!r}); one.close()"
POSTGRESQL = "import psycopg; psycopg.connect({!r}, autocommit=True).execute({!r})"

@pytest.fixture
def elsewhere(database_url):
    url = sa.make_url(database_url)
    def run(sql):
        if url.get_backend_name() == "sqlite":
            code = SQLITE.format(url.database, sql)
        else:
            code = POSTGRESQL.format(url.set(drivername="postgresql").render_as_string(hide_password=False), sql)
        subprocess.run([sys.executable, "-c", code], check=True)
    return run

@pytest.fixture
def filled(elsewhere):
    elsewhere("INSERT INTO workspace (id, name) VALUES (1, 'set up')")
"""
TESTS = """
LATE = "INSERT INTO workspace (id, name) VALUES (2, 'late')"

def test_step(elsewhere, engine, golden):
    with golden.step("work"):
        elsewhere(LATE)
    assert engine == golden.changes

def test_second_step(filled, elsewhere, engine, golden):
    with golden.step("nothing"):
        pass
    with golden.step("work"):
        elsewhere("UPDATE workspace SET name = 'later'")
    assert engine == golden.changes

def test_set_up(filled, engine, golden):
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE workspace SET name = 'own'")
    assert engine == golden.changes

def test_without_step(elsewhere, engine, golden):
    elsewhere(LATE)
    assert engine == golden.changes

def test_before_own_write(filled, elsewhere, engine, golden):
    elsewhere(LATE)
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO workspace (id, name) VALUES (3, 'own')")
    assert engine == golden.changes
"""
SHOWN = {
    "test_step": "+ workspace#1: name='late'",
    "test_second_step": "~ workspace#1: name 'set up' -> 'later'",
    "test_set_up": "~ workspace#1: name 'set up' -> 'own'",
}


@pytest.mark.parametrize("dialect_name", ["sqlite", "postgresql"])
def test_row_of_another_process_is_shown_in_a_step_and_refused_without(make_project, dialect_name):
    project = make_project(dialect_name)
    project.pytester.makeconftest(CONFTEST)
    project.test(TESTS)
    result = project.run("--isolation=connections", "--snapshot-update")
    result.assert_outcomes(passed=3, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*UnobservedWriteError*",
            *(f"FAILED *::{name} *" for name in ("test_without_step", "test_before_own_write")),
        ]
    )
    folder = project.pytester.path / "__snapshots__/test_it"
    for test, line in SHOWN.items():
        assert line in (folder / f"{test}.state.md").read_text("utf-8")


OF_FILES = """
import sqlite3, subprocess, sys
import pytest, sqlalchemy as sa
from shop_schema import metadata, workspace

ELSEWHERE = "import sqlite3; one = sqlite3.connect({!r}, isolation_level=None); one.execute({!r}); one.close()"
INSERT = "INSERT INTO workspace (id, name) VALUES (1, 'late')"

@pytest.fixture
def file(tmp_path):
    return str(tmp_path / "own.db")

@pytest.fixture
def own(file):
    engine = sa.create_engine(f"sqlite:///{file}")
    metadata.create_all(engine)
    yield engine
    engine.dispose()

def write_elsewhere(file):
    subprocess.run([sys.executable, "-c", ELSEWHERE.format(file, INSERT)], check=True)

def read(own):
    with own.connect() as connection:
        connection.execute(sa.select(workspace.c.name)).all()

def test_process(own, golden, file):
    write_elsewhere(file)
    assert own == golden.changes

def test_class(own, golden, file):
    one = sqlite3.Connection(file, isolation_level=None)
    one.execute(INSERT)
    one.close()
    assert own == golden.changes

def test_step(own, golden, file):
    read(own)
    with golden.step("work"):
        write_elsewhere(file)
    assert own == golden.changes

def test_second_step(own, golden, file):
    read(own)
    with golden.step("nothing"):
        read(own)
    with golden.step("work"):
        write_elsewhere(file)
    assert own == golden.changes

def test_reading(own, golden):
    read(own)
    assert own == golden.changes

@pytest.fixture
def clock_of_the_past(own, monkeypatch):
    monkeypatch.setattr("time.time_ns", lambda: 1)
    monkeypatch.setattr("time.time", lambda: 1e-9)

def test_frozen_clock(clock_of_the_past, own, golden):
    read(own)
    assert own == golden.changes

def test_set_up_after_golden(golden, own):
    with own.begin() as connection:
        connection.execute(workspace.insert().values(name="own"))
    assert own == golden.changes

def test_log(own, file, golden):
    read(own)
    keeping = sqlite3.Connection(file, isolation_level=None)
    keeping.execute("PRAGMA journal_mode = wal")
    with golden.step("work"):
        keeping.execute(INSERT)
    assert own == golden.changes
    keeping.close()

@pytest.fixture
def logged(own, file):
    keeping = sqlite3.Connection(file, isolation_level=None)
    keeping.execute("PRAGMA journal_mode = wal")
    keeping.execute(INSERT)
    return keeping

def test_checkpoint(own, logged, golden):
    logged.close()
    assert own == golden.changes
"""


def test_row_that_no_recorder_hears_is_shown_or_refused_in_a_file_of_the_project(make_project):
    project = make_project("sqlite")
    project.test(OF_FILES)
    result = project.run("--isolation=none", "--snapshot-update")
    result.assert_outcomes(passed=7, failed=2)
    result.stdout.fnmatch_lines(["FAILED *::test_process *", "FAILED *::test_class *"])
    folder = project.pytester.path / "__snapshots__/test_it"
    for test in ("test_step", "test_second_step", "test_log"):
        assert "+ workspace#1: name='late'" in (folder / f"{test}.state.md").read_text("utf-8")
    for test in ("test_reading", "test_checkpoint", "test_frozen_clock"):
        assert "nothing changed" in (folder / f"{test}.state.md").read_text("utf-8")
