"""Work that the project does on a driver's own connection, past SQLAlchemy, is in its goldens."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from pytest_query_snapshot.recording.drivers.cursors import RawCursors

CONNECT = """
import os, pytest, sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine
from shop_schema import workspace

ADD = "INSERT INTO workspace (name) VALUES "
own = {create}(os.environ["DATABASE_URL"])
"""
ASYNC = (
    CONNECT
    + """
async def test_opened_before_anything_is_recorded():
    async with own.connect() as connection:
        await connection.execute(sa.text("SELECT 1"))

async def test_raw(golden):
    async with own.connect() as connection:
        raw = (await connection.get_raw_connection()).driver_connection
        with golden.step("raw"):
{calls}
    assert own.sync_engine == golden.state
    await own.dispose()

async def test_wrapper(golden):
    async with own.begin() as connection:
        def work(sync):
            sync.connection.cursor().execute(f"{{ADD}} ('wrapped')")
        async with golden.step("wrapped"):
            await connection.run_sync(work)
    assert own.sync_engine == golden.state
    await own.dispose()
"""
)
SYNC = (
    CONNECT
    + """
def test_opened_before_anything_is_recorded():
    with own.connect() as connection:
        connection.execute(sa.text("SELECT 1"))

def test_raw(golden):
    with own.connect() as connection:
        raw = connection.connection.driver_connection
        with golden.step("raw"):
{calls}
            raw.commit()
    assert own == golden.state
    own.dispose()
"""
)
CALLS = {
    "postgresql+asyncpg": [
        """await raw.execute(f"{ADD} ('executed')")""",
        """await raw.fetch(f"{ADD} ($1) RETURNING id", "fetched")""",
        """await raw.fetchval(f"{ADD} ($1) RETURNING id", "value")""",
        """await raw.executemany(f"{ADD} ($1)", [("first",), ("second",)])""",
        """await (await raw.prepare(f"{ADD} ($1)")).fetch("prepared")""",
        """await raw.copy_records_to_table("workspace", records=[("copied",)], columns=["name"])""",
        """async with raw.transaction(): await raw.execute(f"{ADD} ('begun')")""",
    ],
    "postgresql+psycopg": [
        """await raw.execute(f"{ADD} (%s)", ("executed",))""",
        """cursor = raw.cursor()""",
        """await cursor.executemany(f"{ADD} (%s)", [("first",), ("second",)])""",
        """async with cursor.copy("COPY workspace (name) FROM STDIN") as c: await c.write_row(("copied",))""",
        """[row async for row in cursor.stream(f"{ADD} ('streamed') RETURNING id")]""",
        """await raw.commit()""",
    ],
    "sqlite+aiosqlite": [
        """await raw.execute(f"{ADD} ('executed')")""",
        """cursor = await raw.cursor()""",
        """await cursor.executemany(f"{ADD} (?)", [("first",), ("second",)])""",
        """await raw.execute_insert(f"{ADD} ('inserted')")""",
        """await raw.commit()""",
        """await raw.executescript(f"{ADD} ('script')")""",
    ],
}
SYNC_CALLS = {
    "postgresql+psycopg": [
        """raw.execute(f"{ADD} (%s)", ("executed",))""",
        """with raw.cursor().copy("COPY workspace (name) FROM STDIN") as c: c.write_row(("copied",))""",
        """list(raw.cursor().stream(f"{ADD} ('streamed') RETURNING id"))""",
        """with raw.cursor("named") as named: named.execute("SELECT name FROM workspace")""",
    ],
    "postgresql+psycopg2": [
        """cursor = raw.cursor()""",
        """import io""",
        """cursor.copy_expert("COPY workspace (name) FROM STDIN", io.StringIO("expert\\n"))""",
        """cursor.copy_from(io.StringIO("copied\\n"), "workspace", columns=("name",))""",
        """cursor.callproc("upper", ("called",))""",
    ],
}


@pytest.fixture
def stored(make_project, monkeypatch):
    """Run a project with a driver; return the texts of its goldens by test and kind."""
    monkeypatch.delenv("CI", raising=False)

    def run(driver: str, source: str, calls: list[str], *, create: str):
        project = make_project(driver.partition("+")[0])
        path = project.pytester.path / "pytest.ini"
        settings = (
            f"query_snapshot_isolation = connections\nquery_snapshot_url_variables = DATABASE_URL={driver}\n"
        )
        path.write_text(f"{path.read_text()}\n{settings}")
        lines = "\n".join(f"            {call}" for call in calls)
        project.test(source.replace("{create}", create).replace("{calls}", lines).replace("{{ADD}}", "{ADD}"))
        result = project.run("--snapshot-update")
        assert result.ret == 0, result.stdout.str()
        folder = project.pytester.path / "__snapshots__" / "test_it"
        return {file.name.removeprefix("test_"): file.read_text() for file in folder.iterdir()}

    return run


NAMES = {
    "postgresql+asyncpg": "executed fetched value first second prepared copied begun",
    "postgresql+psycopg": "executed first second copied streamed",
    "sqlite+aiosqlite": "executed first second inserted script",
}


@pytest.mark.parametrize("driver", CALLS)
def test_raw_async_connection_is_in_the_goldens(stored, driver):
    found = stored(driver, ASYNC, CALLS[driver], create="create_async_engine")
    dialect = driver.partition("+")[0]
    for name in NAMES[driver].split():
        assert f"name='{name}'" in found["raw.state.md"]
        assert name == "copied" or f"'{name}'" in found[f"raw.{dialect}.sql"]
    assert ("STDIN" in found[f"raw.{dialect}.sql"]) == (dialect == "postgresql")
    wrapped = found["wrapper.state.md"]
    assert wrapped.index("## wrapped") < wrapped.index("name='wrapped'")
    assert "after the last step" not in wrapped
    assert "VALUES ('wrapped')" in found[f"wrapper.{dialect}.sql"]


@pytest.mark.parametrize("driver", SYNC_CALLS)
def test_copy_and_other_calls_of_a_raw_cursor_are_in_the_goldens(stored, driver):
    found = stored(driver, SYNC, SYNC_CALLS[driver], create="sa.create_engine")
    names = ("executed", "copied", "streamed") if driver.endswith("psycopg") else ("expert", "copied")
    for name in names:
        assert f"name='{name}'" in found["raw.state.md"]
    statements = found["raw.postgresql.sql"]
    assert statements.count("STDIN") == (1 if driver.endswith("psycopg") else 2)
    assert ("FROM workspace;" if driver.endswith("psycopg") else "FROM upper(%s)") in statements


ROLLBACK = """
import pytest, sqlalchemy as sa
from shop_schema import metadata

own = sa.create_engine("{url}")

@pytest.fixture
def connection():
    metadata.create_all(own)
    with own.connect() as connection:
        transaction = connection.begin()
        yield connection
        transaction.rollback()
    own.dispose()

def test_raw(connection, golden):
    with golden.step("raw"):
        connection.connection.cursor().execute("INSERT INTO workspace (name) VALUES ('raw')")
    assert connection == golden.state
"""


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_raw_work_in_a_transaction_older_than_the_recording_is_in_the_state(
    request, make_project, monkeypatch, dialect
):
    monkeypatch.delenv("CI", raising=False)
    project = make_project("sqlite")
    url = "sqlite:///own.db" if dialect == "sqlite" else request.getfixturevalue("postgresql_url")
    project.test(ROLLBACK.format(url=url))
    project.run("--isolation=none", "--snapshot-update").assert_outcomes(passed=1)
    (stored,) = (project.pytester.path / "__snapshots__").rglob("*.state.md")
    assert "+ workspace#1: name='raw'" in stored.read_text()


def test_connection_reports_to_two_listeners():
    class Heard(list):
        def raw_before(self, statement, **_):
            self.append(statement)

        def raw_after(self, *_, **__):
            pass

    async def work():
        engine = create_async_engine("sqlite+aiosqlite://")
        async with engine.connect() as connection:
            await (await connection.get_raw_connection()).driver_connection.execute("SELECT 1")
        await engine.dispose()

    listeners = [Heard(), Heard()]
    cursors = [RawCursors(listener) for listener in listeners]
    for one in cursors:
        one.install()
    try:
        asyncio.run(work())
    finally:
        for one in cursors:
            one.uninstall()
    assert listeners == [["SELECT 1"], ["SELECT 1"]]
