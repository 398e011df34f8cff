"""JSON null and SQL NULL of rows and entities that the test loaded: both are None there."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.recording.recorder import Recorder

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


DRIVERS = (
    "sqlite+pysqlite",
    "sqlite+aiosqlite",
    "postgresql+psycopg",
    "postgresql+psycopg2",
    "postgresql+asyncpg",
    "postgresql+psycopg_async",
)
STREAM = {"stream_results": True, "max_row_buffer": 2}
OF_DRIVERS = """
import os, pytest, sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool
from notes import Base, Note

URL = sa.make_url(os.environ["OWN_URL"])
IS_ASYNC = URL.get_dialect()().is_async
POSTGRESQL = URL.get_backend_name() == "postgresql"
ONE = {"json": sa.JSON.NULL, "sql": sa.null()}
DATA = sa.select(Note.data).order_by(Note.id)
STREAM = {"stream_results": True, "max_row_buffer": 2}
MANY = sa.insert(Note).returning(Note.data)
TEXT = sa.text("SELECT data FROM note ORDER BY id")

def returned(session, kind):
    values = [{"id": at} | ({"data": sa.JSON.NULL} if kind == "json" else {}) for at in (7, 8, 9)]
    return session.connection().execute(MANY, values)

def own(session, kind):
    table = Note.__table__
    session.connection().execute(table.insert().values(id=1, data={"a": 1}))
    return session.connection().execute(table.insert().values(id=2, data=ONE[kind]).returning(table.c.data))

LOADS = {
    "rows": lambda session, kind: session.execute(DATA).all(),
    "first": lambda session, kind: [session.execute(DATA).first()],
    "streamed": lambda session, kind: session.execute(DATA, execution_options=STREAM).all(),
    "pages": lambda session, kind: list(session.execute(DATA, execution_options=STREAM).partitions(1))[0],
    "entities": lambda session, kind: session.scalars(sa.select(Note)).all(),
    "many": lambda session, kind: returned(session, kind).all(),
    "unread": lambda session, kind: session.scalars(DATA),
    "streamed_unread": lambda session, kind: session.execute(DATA, execution_options=STREAM),
    "many_unread": returned,
    "returning": own,
    "text": lambda session, kind: session.execute(TEXT.columns(Note.data)),
    "text_alone": lambda session, kind: session.execute(TEXT),
    "driver": lambda session, kind: session.connection().exec_driver_sql(str(TEXT)),
}

if not hasattr(sa.engine.default.DefaultExecutionContext, "fetchall_for_returning"):
    LOADS = {name: load for name, load in LOADS.items() if "many" not in name}  # refused before SQLAlchemy 2.0.10

def app_sees(session):
    seen = [each for row in session.execute(TEXT) for each in row] if POSTGRESQL else []
    seen += session.scalars(DATA).all() + [row for (row,) in session.execute(DATA, execution_options=STREAM)]
    if POSTGRESQL:
        arrays = sa.text("SELECT ARRAY[data::jsonb, '1'] FROM note")
        seen += [array[0] for (array,) in session.execute(arrays)]
    assert set(seen) == {None}

def work(session, golden, kind):
    for load in LOADS:
        session.connection().execute(sa.insert(Note.__table__).values(id=1, data=ONE[kind]))
        app_sees(session)
        if load in {"returning", "many", "many_unread"}:
            session.connection().execute(sa.delete(Note.__table__))
        assert LOADS[load](session, kind) == golden(load).rows
        session.rollback()

@pytest.mark.parametrize("kind", ONE)
async def test(golden, kind):
    if IS_ASYNC:
        engine = create_async_engine(URL, poolclass=NullPool)
        async with AsyncSession(engine) as session:
            await (await session.connection()).run_sync(Base.metadata.create_all)
            await session.commit()
            await session.run_sync(work, golden, kind)
        await engine.dispose()
    else:
        engine = sa.create_engine(URL, poolclass=NullPool)
        Base.metadata.create_all(engine)
        with Session(engine) as session:
            work(session, golden, kind)
        engine.dispose()
"""


@pytest.fixture
def own_project(make_project, monkeypatch):
    """Make a project with an engine of its own, on a driver."""

    def make(driver, source):
        project = make_project(driver.partition("+")[0])
        path = project.pytester.path
        (path / "pytest.ini").write_text((path / "pytest.ini").read_text("utf-8").replace("shop_schema", "notes"))
        project.pytester.makepyfile(notes=MODELS)
        project.test(source)
        url = next((each.partition("=")[2] for each in project.database), f"sqlite:///{path}/own.db")
        monkeypatch.setenv("OWN_URL", url.replace(url.partition(":")[0], driver, 1))
        project.database = ()
        return project

    return make


@pytest.mark.parametrize("driver", DRIVERS)
def test_json_null_and_sql_null_differ_whichever_driver_reads_them(own_project, driver):
    project = own_project(driver, OF_DRIVERS)
    project.run("--isolation=none", "--snapshot-update").assert_outcomes(passed=2)
    stored = {path.name: path.read_text("utf-8") for path in project.pytester.path.rglob("*.rows.md")}
    pairs = {
        name: (text, stored[name.replace("[json]", "[sql]")]) for name, text in stored.items() if "[json]" in name
    }
    assert [name for name, (json, sql) in pairs.items() if json == sql] == []
    assert len(pairs) >= 11


OWN_CODEC = """
import json, os, pytest, sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from notes import Base, Note

@pytest.mark.parametrize("value", [sa.null(), {"a": 1}])
async def test(golden, value):
    engine = create_async_engine(os.environ["OWN_URL"])

    @sa.event.listens_for(engine.sync_engine, "connect")
    def connected(connection, _record):
        codec = {"encoder": json.dumps, "decoder": json.loads, "schema": "pg_catalog"}
        connection.run_async(lambda raw: raw.set_type_codec("json", **codec))

    async with AsyncSession(engine) as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
        await session.execute(sa.insert(Note).values(id=1, data=value))
        rows = (await session.execute(sa.select(Note.data))).all()
    await engine.dispose()
    assert rows == golden.rows
"""


def test_null_that_a_codec_of_the_project_has_read_is_refused(own_project):
    project = own_project("postgresql+asyncpg", OWN_CODEC)
    result = project.run("--isolation=none", "--snapshot-update")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*data holds None, and the driver of this connection does not distinguish*"])


OPEN_BEFORE = """
import os, pytest, sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from notes import Base, Note

engine = create_async_engine(os.environ["OWN_URL"], pool_size=1)
pytestmark = pytest.mark.asyncio(loop_scope="module")
DATA = sa.select(Note.data)

async def test_first():
    async with AsyncSession(engine) as session:
        await (await session.connection()).run_sync(Base.metadata.create_all)
        await session.execute(sa.insert(Note).values(id=1, data=sa.JSON.NULL))
        assert (await session.scalars(DATA)).all() == [None]
        await session.commit()

async def of_driver(session):
    raw = (await (await session.connection()).get_raw_connection()).driver_connection
    return await raw.fetchval("SELECT data FROM note")

async def test_second(golden):
    async with AsyncSession(engine) as session:
        rows = (await session.execute(DATA)).all()
        assert await of_driver(session) is None
        with pytest.raises(sa.exc.DBAPIError):
            await session.execute(sa.select(Note.data, sa.literal(1) / sa.literal(0)))
        await session.rollback()
        assert await of_driver(session) is None
    assert rows == golden.rows
    await engine.dispose()
"""


@pytest.fixture
def outer_recorder():
    """The recorder of a session that runs a session of its own, as the tests of a plugin do."""
    recorder = Recorder()
    recorder.install()
    yield recorder
    recorder.uninstall()


@pytest.mark.usefixtures("outer_recorder")
def test_json_null_is_kept_on_a_connection_that_was_open_before(own_project):
    project = own_project("postgresql+asyncpg", OPEN_BEFORE)
    project.run("--isolation=none", "--snapshot-update").assert_outcomes(passed=2)
    (golden,) = project.pytester.path.rglob("*.rows.md")
    assert "| null |" in golden.read_text("utf-8")
