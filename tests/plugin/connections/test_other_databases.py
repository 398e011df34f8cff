"""Databases that the plugin would not put back: refused to a test, or named at the end of the run."""

from __future__ import annotations

import pytest

MIXED = """
import pytest, shop_app, sqlalchemy as sa

@pytest.mark.isolation("connections")
def test_first():
    shop_app.add("a")

def test_pooled():
    shop_app.names()

def test_new_connection(session):
    shop_app.engine.dispose()
    shop_app.engine.raw_connection()

@pytest.mark.isolation("connections")
def test_last():
    assert shop_app.names() == []
"""
OTHER = """
import pytest, sqlalchemy as sa
from shop_schema import metadata, workspace

other = sa.create_engine("{url}")

@pytest.mark.parametrize("n", range(2))
def test_other(n, golden{fixtures}):
    metadata.create_all(other)
    with other.{begin}() as connection:
        connection.execute(workspace.insert().values(name="x"))
        assert connection == golden.sql
"""
NOTE = "*: nothing that tests did in sqlite:///other.db is undone (first: test_it.py::test_other*0*); name*"


def test_application_engine_in_a_savepoint_test_is_refused_with_its_line(application):
    path = application.pytester.path / "pytest.ini"
    path.write_text(path.read_text().replace("query_snapshot_isolation = connections", ""))
    application.test(MIXED)
    result = application.run()
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*ForeignConnectionError: shop_app.py:10: connects to *, the database of the tests, *isolation(*)*",
            "*ForeignConnectionError: test_it.py:12: connects to *",
        ]
    )


@pytest.mark.parametrize("mode", ["savepoint", "connections"])
def test_database_of_the_project_that_keeps_commits_is_named_once(make_project, monkeypatch, mode):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    project.test(OTHER.format(url="sqlite:///other.db", fixtures="", begin="begin"))
    result = project.run(f"--isolation={mode}", "--snapshot-update")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines([NOTE])
    assert result.stdout.str().count("is undone") == 1


@pytest.mark.parametrize(
    ("options", "form"),
    [
        ((), {"url": "sqlite:///other.db", "fixtures": "", "begin": "connect"}),
        ((), {"url": "sqlite://", "fixtures": "", "begin": "begin"}),
        (("--isolation=connections",), {"url": "sqlite://", "fixtures": "", "begin": "begin"}),
    ],
    ids=["rolled back", "in memory", "in memory, connections"],
)
def test_database_that_keeps_nothing_is_not_mentioned(make_project, monkeypatch, options, form):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    project.test(
        OTHER.format(**form).replace("    metadata.create_all(other)\n", "") + "metadata.create_all(other)\n"
    )
    result = project.run(*options, "--snapshot-update")
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*is undone*")


SCRATCH = """
from shop_schema import workspace

def test_scratch(scratch_database, golden):
    with scratch_database.engine().begin() as connection:
        connection.execute(workspace.insert().values(name="x"))
        assert connection == golden.sql
"""


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_database_that_the_plugin_made_is_not_mentioned(make_project, monkeypatch, dialect):
    monkeypatch.delenv("CI", raising=False)
    project = make_project(dialect)
    project.test(SCRATCH)
    result = project.run("--snapshot-update")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*is undone*")


URI = """
import pytest, sqlalchemy as sa
from shop_app import engine
from shop_schema import workspace

uri = sa.create_engine(f"sqlite:///file:{engine.url.database}?mode=rw&uri=true")

def add():
    with uri.begin() as connection:
        connection.execute(workspace.insert().values(name="x"))

@pytest.mark.isolation("connections")
@pytest.mark.parametrize("n", range(2))
def test_uri(n):
    assert workspace_names() == []
    add()

def test_savepoint(session):
    add()

@pytest.mark.isolation("connections")
def test_last():
    assert workspace_names() == []

def workspace_names():
    with engine.connect() as connection:
        return connection.scalars(sa.select(workspace.c.name)).all()
"""


@pytest.mark.parametrize("project", ["sqlite"], indirect=True)
def test_database_is_known_by_a_uri_of_its_file(application):
    path = application.pytester.path / "pytest.ini"
    path.write_text(path.read_text().replace("query_snapshot_isolation = connections", ""))
    application.test(URI)
    result = application.run()
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["*ForeignConnectionError: test_it.py:8: connects to *test.db*"])
    result.stdout.no_fnmatch_line("*is undone*")
