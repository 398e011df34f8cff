"""What is true of every table."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from controlplane.database import create_engine
from controlplane.models import Base
from controlplane.models.declarative import UTCDateTime
from controlplane.models.tracked_json import TrackedJSON

TABLES = Base.metadata.sorted_tables
NAMES_LIMIT = 63  # bytes; PostgreSQL cuts what is longer
TENANTLESS = ("workspace", "user_account")

every_table = pytest.mark.parametrize("table", TABLES, ids=[table.name for table in TABLES])


@every_table
def test_every_record_but_people_and_workspaces_belongs_to_a_workspace(table):
    if table.name in TENANTLESS:
        assert "workspace_id" not in table.columns
    else:
        assert not table.columns["workspace_id"].nullable
        assert {key.column.table.name for key in table.columns["workspace_id"].foreign_keys} == {"workspace"}


@every_table
def test_no_name_is_longer_than_postgresql_takes(table):
    dialect = sa.create_engine("postgresql+psycopg://").dialect
    named = [*table.constraints, *table.indexes]
    texts = [dialect.identifier_preparer.format_constraint(item) for item in named] + [table.name]
    assert [text for text in texts if text is None or len(text.encode()) > NAMES_LIMIT] == []


@every_table
def test_indexes_are_made_in_one_order(table):
    names = [str(index.name) for index in table.indexes]
    assert names == sorted(names)


@every_table
def test_no_name_is_cut_to_a_hash(table):
    conventional = [str(index.name) for index in table.indexes] + [str(item.name) for item in table.constraints]
    assert [name for name in conventional if len(name) > NAMES_LIMIT] == []


@every_table
def test_instants_json_and_enums_have_the_one_type_that_we_trust(table):
    for column in table.columns:
        assert not isinstance(column.type, sa.DateTime) or isinstance(column.type, UTCDateTime), column
        assert not isinstance(column.type, sa.JSON), f"{column}: use Json, which sees changes in place"
        if isinstance(column.type, sa.Enum):
            assert column.type.create_constraint, column
            assert not column.type.native_enum, column


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()], ids=lambda each: each.name)
def test_both_instants_of_an_hour_that_comes_twice_are_stored(dialect):
    first = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    second = first.replace(fold=1)
    assert first == second  # to Python, which compares what the clock on the wall shows
    stored = [str(UTCDateTime().process_bind_param(instant, dialect)) for instant in (first, second)]
    assert [text[:16] for text in stored] == ["2026-10-25 00:30", "2026-10-25 01:30"]


@every_table
def test_scores_and_counts_are_checked(table):
    checks = " ".join(str(item.sqltext) for item in table.constraints if isinstance(item, sa.CheckConstraint))
    numbers = (
        column.name
        for column in table.columns
        if isinstance(column.type, sa.Integer | sa.Float) and not isinstance(column.type, TrackedJSON)
    )
    exempt = ("sequence", "version", "attempt")
    unchecked = [name for name in numbers if name not in checks and not name.endswith(exempt)]
    assert unchecked == []


def test_sqlite_enforces_foreign_keys(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/plain.sqlite")
    Base.metadata.create_all(engine)
    orphan = (
        "INSERT INTO workspace_member (workspace_id, user_id, joined_at)"
        f" VALUES ('{1:032x}', '{2:032x}', '2026-01-01 00:00:00.000000')"
    )
    with engine.begin() as connection, pytest.raises(IntegrityError, match="FOREIGN KEY"):
        connection.exec_driver_sql(orphan)
    engine.dispose()


def test_a_sqlite_transaction_takes_the_write_lock_when_it_begins(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/plain.sqlite")
    with engine.begin(), engine.connect() as second:
        second.connection.dbapi_connection.execute("PRAGMA busy_timeout=1")
        with pytest.raises(sa.exc.OperationalError, match="locked"):
            second.begin()
    engine.dispose()


def test_a_reader_does_not_wait_for_the_writer(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/plain.sqlite")
    Base.metadata.create_all(engine)
    with engine.begin() as writer, engine.connect().execution_options(sqlite_begin="DEFERRED") as reader:
        writer.exec_driver_sql(f"INSERT INTO workspace VALUES ('{1:032x}', 'w')")
        assert reader.exec_driver_sql("SELECT count(*) FROM workspace").scalar_one() == 0
    engine.dispose()
