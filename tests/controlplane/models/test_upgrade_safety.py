"""Two processes at once, and one that is killed: the schema is changed once and whole."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from controlplane import migrations, setup
from controlplane.database import create_engine
from controlplane.errors import InvalidValueError, SchemaError
from controlplane.migrations.state import SchemaState, read_version
from controlplane.models import Base, User, Workspace, WorkspaceMember

NEWEST = migrations.revisions()[-1]


@pytest.fixture
def emptied(scratch_database):
    """The URL of a database with nothing in it."""
    engine = scratch_database.engine()
    Base.metadata.drop_all(engine)
    yield scratch_database.url
    engine.dispose()


def test_two_inits_at_once_make_one_of_everything(emptied):
    def start(_):
        engine = create_engine(emptied)
        try:
            return setup.initialise(engine, workspace="w", user="u@v")
        finally:
            engine.dispose()

    with ThreadPoolExecutor(4) as pool:
        changes = list(pool.map(start, range(4)))
    assert sorted((change.before is None, change.after) for change in changes) == [
        *[(False, NEWEST)] * 3,
        (True, NEWEST),
    ]
    engine = create_engine(emptied)
    with Session(engine) as session:
        counts = [
            session.scalar(sa.select(sa.func.count()).select_from(m)) for m in (Workspace, User, WorkspaceMember)
        ]
    engine.dispose()
    assert counts == [1, 1, 1]


def test_operator_is_named_by_the_part_before_the_at_sign_of_a_long_address(emptied):
    engine = create_engine(emptied)
    longest = "olga@" + "x" * 315
    with pytest.raises(InvalidValueError, match="at most 320 characters"):
        setup.initialise(engine, workspace="w", user=longest + "x")
    setup.initialise(engine, workspace="w", user=longest)
    with Session(engine) as session:
        assert session.execute(sa.select(User.name, User.email)).one() == ("olga", longest)
    engine.dispose()


KILLED = """
import os, sys
from sqlalchemy import event
from controlplane import setup
from controlplane.database import create_engine
engine = create_engine(sys.argv[1])
left = int(sys.argv[2])
@event.listens_for(engine, "before_cursor_execute")
def count(*_):
    global left
    left -= 1
    if not left:
        os._exit(9)
setup.initialise(engine, workspace="w", user="u@v")
"""


@pytest.mark.kill
@pytest.mark.parametrize("statements", [12, 60, 130])
def test_killed_upgrade_is_repeated(emptied, statements):
    url = emptied if isinstance(emptied, str) else emptied.render_as_string(hide_password=False)
    words = [sys.executable, "-c", textwrap.dedent(KILLED), url, str(statements)]
    assert subprocess.run(words, check=False).returncode == 9
    engine = create_engine(url)
    with engine.connect() as connection:
        assert read_version(connection).state is SchemaState.EMPTY
    assert setup.initialise(engine, workspace="w", user="u@v").after == NEWEST
    engine.dispose()


def test_upgrade_reports_revisions_and_notes(emptied):
    engine = create_engine(emptied)
    with engine.begin() as connection:
        migrations.upgrade(connection, "0015")
        for number in (1, 2):
            connection.execute(sa.text(f"INSERT INTO workspace VALUES ('{number:032x}', 'twin')"))
    change = setup.upgrade(engine)
    assert (change.before, change.after) == ("0015", NEWEST)
    assert change.notes == ("a second workspace named twin is now twin (2)",)
    assert setup.upgrade(engine).notes == ()
    engine.dispose()


def test_upgrade_of_an_empty_database_is_refused(emptied):
    engine = create_engine(emptied)
    with pytest.raises(SchemaError, match="controlplane init"):
        setup.upgrade(engine)
    engine.dispose()


def test_downgrade_to_base_leaves_an_empty_database(emptied):
    engine = create_engine(emptied)
    with engine.begin() as connection:
        migrations.upgrade(connection)
        migrations.downgrade(connection)
        assert read_version(connection).state is SchemaState.EMPTY
    engine.dispose()


@pytest.mark.seed("one_of_each")
def test_downgrade_refuses_to_drop_rows_and_values(scratch_database):
    engine = create_engine(scratch_database.url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute(sa.text("INSERT INTO alembic_version VALUES (:newest)"), {"newest": NEWEST})
    for revision, what in (("0006", "breakpoint"), ("0010", "execution_trace.workflow")):
        with pytest.raises(InvalidValueError, match="it would drop the data of") as caught:
            setup.downgrade(engine, revision=revision)
        assert what in str(caught.value)
    with engine.connect() as connection:
        assert read_version(connection).state is SchemaState.CURRENT
    engine.dispose()
