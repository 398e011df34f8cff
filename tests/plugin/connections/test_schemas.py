"""Metadata with schemas in the mode `connections`: made on PostgreSQL, mapped or refused on SQLite."""

from __future__ import annotations

import pytest

SCHEMA = """
import sqlalchemy as sa
metadata = sa.MetaData(schema="billing")
invoice = sa.Table("invoice", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
"""
CONFTEST = """
import pytest

@pytest.fixture(scope="session")
def query_snapshot_engine_options():
    return {"execution_options": {"schema_translate_map": {"billing": MAPPED}}}
"""
TESTS = """
import pytest, sqlalchemy as sa
from shop_schema import invoice

@pytest.mark.parametrize("n", range(2))
def test_invoice(n, engine, golden):
    with golden.step("add"), engine.begin() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(invoice)) == 0
        connection.execute(invoice.insert().values(name="a"))
    assert engine == golden.changes
"""
ATTACHES = """
import os, sqlalchemy as sa
own = sa.create_engine(os.environ["DATABASE_URL"])

@sa.event.listens_for(own, "connect")
def attach(connection, record):
    connection.execute("ATTACH 'billing.db' AS billing")

def test_attached():
    with own.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
"""


@pytest.fixture
def billing(project, monkeypatch):
    """Make a project whose metadata has a schema."""
    monkeypatch.delenv("CI", raising=False)
    project.pytester.makepyfile(shop_schema=SCHEMA)
    project.test(TESTS)
    return project


def test_schema_is_made_on_postgresql_and_refused_on_sqlite(billing):
    result = billing.run("--snapshot-update")
    if billing.database:
        result.assert_outcomes(passed=2)
    else:
        result.assert_outcomes(errors=2)
        result.stdout.fnmatch_lines(["*the schema 'billing', which SQLite has only where*schema_translate_map*"])


@pytest.mark.parametrize("mapped", ["None", "'finance'"])
def test_mapped_schema_is_made_and_put_back(billing, mapped):
    if mapped != "None" and not billing.database:
        pytest.skip("SQLite has one schema")
    billing.pytester.makeconftest(CONFTEST.replace("MAPPED", mapped))
    billing.run("--snapshot-update").assert_outcomes(passed=2)
    (text, other) = [path.read_text() for path in (billing.pytester.path / "__snapshots__").rglob("*.state.md")]
    assert text == other
    assert "invoice#1: name='a'" in text


def test_attached_file_is_named_at_the_end(project):
    if project.database:
        pytest.skip("PostgreSQL attaches nothing")
    path = project.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\nquery_snapshot_url_variables = DATABASE_URL\n")
    project.test(ATTACHES)
    result = project.run()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*the application attaches */billing.db, which is not put back after a test"])


def test_error_of_a_schema_is_shown_for_every_test(project):
    project.pytester.makepyfile(
        broken="""
        def build(connection):
            connection.exec_driver_sql("CREATE TABLE x (id nonsense, )")
        """
    )
    project.pytester.makeconftest(
        """
        import pytest

        @pytest.fixture(scope="session")
        def wide(): return 1

        @pytest.fixture(scope="session")
        def query_snapshot_schema():
            from broken import build
            return build
        """
    )
    project.test(
        "def test_one(wide, engine): pass\ndef test_two(wide, engine): pass\ndef test_three(engine): pass\n"
    )
    result = project.run()
    result.assert_outcomes(errors=3)
    assert str(result.stdout).count("[SQL: CREATE TABLE x (id nonsense, )]") == 3
    result.stdout.no_fnmatch_line("*AssertionError*")


def test_fixture_of_a_library_in_another_environment_is_not_one_of_the_project(project):
    packages = project.pytester.mkdir("other").joinpath("site-packages")
    packages.mkdir()
    (packages / "library.py").write_text(
        "import pathlib, pytest\n@pytest.fixture(scope='session')\ndef policy(): pathlib.Path('began').touch()\n"
    )
    project.pytester.syspathinsert(packages)
    project.pytester.makeconftest(
        """
        import pytest

        pytest_plugins = ["library"]

        @pytest.fixture(scope="session")
        def query_snapshot_schema():
            raise LookupError("no tables yet")
        """
    )
    project.test("def test_one(policy): pass\n")
    project.run().assert_outcomes(errors=1)
    assert (project.pytester.path / "began").exists()  # what the project's fixtures write needs the tables
