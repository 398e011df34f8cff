"""Further databases of a project, each with its own schema, put back like the main one."""

from __future__ import annotations

import pytest

AUDIT = """
import os, sqlalchemy as sa
metadata = sa.MetaData()
entry = sa.Table("entry", metadata, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", sa.Text))
engine = sa.create_engine(os.environ["AUDIT_URL"])
"""
TESTS = """
import pytest, shop_audit, sqlalchemy as sa
from shop_schema import workspace

@pytest.mark.parametrize("n", range(3))
def test_both(n, engine, golden):
    with golden.step("write"):
        with engine.begin() as connection:
            connection.execute(workspace.insert().values(name="main"))
        with shop_audit.engine.begin() as connection:
            assert connection.scalar(sa.select(sa.func.count()).select_from(shop_audit.entry)) == 0
            connection.execute(shop_audit.entry.insert().values(text="written"))
    assert shop_audit.engine == golden.changes
"""
VARIABLES = "query_snapshot_url_variables = AUDIT_URL=@audit"
DATABASES = "query_snapshot_databases = audit = shop_audit:metadata"


@pytest.fixture
def further(project, monkeypatch):
    """Make a project with a second database."""
    monkeypatch.delenv("CI", raising=False)
    project.pytester.makepyfile(shop_audit=AUDIT)
    project.test(TESTS)
    return project


def configure(project, *lines):
    path = project.pytester.path / "pytest.ini"
    path.write_text("\n".join((path.read_text(), *lines, "")))


def test_further_database_has_its_schema_and_is_put_back(further):
    configure(further, VARIABLES, DATABASES)
    further.run("--snapshot-update").assert_outcomes(passed=3)
    texts = [path.read_text() for path in (further.pytester.path / "__snapshots__").rglob("*.state.md")]
    assert len(texts) == 3
    assert all("+ entry#1: text='written'" in text for text in texts)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (DATABASES.replace("audit =", "log ="), "no variable has the URL of log; add 'NAME=@log' to"),
        ("query_snapshot_databases = audit", "'audit' must be 'audit = app.audit:Base.metadata'"),
        (DATABASES.replace(":metadata", ":nothing"), "'shop_audit:nothing' under query_snapshot_databases"),
    ],
)
def test_further_database_that_is_not_complete_is_refused(further, line, message):
    if further.database:
        pytest.skip("the settings are read alike for every database")
    configure(further, VARIABLES, line)
    result = further.run()
    assert result.ret in {pytest.ExitCode.USAGE_ERROR, pytest.ExitCode.TESTS_FAILED}  # what has to be imported
    assert message in result.stdout.str() + result.stderr.str()
