"""What is true of every builder: portable, of one workspace, pure."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import uuid
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy_cockroachdb.psycopg import CockroachDBDialect_psycopg

import controlplane.analytics
from controlplane.analytics.buckets import Bucket

SOME = uuid.UUID(int=1)
GIVEN = {
    "workspace_id": SOME,
    "agent_id": SOME,
    "workflow_id": SOME,
    "execution_id": SOME,
    "canvas_id": SOME,
    "since": datetime(2026, 1, 5, tzinfo=UTC),
    "until": datetime(2026, 1, 12, tzinfo=UTC),
    "now": datetime(2026, 1, 12, tzinfo=UTC),
    "longer_than": timedelta(hours=1),
    "limit": 3,
    "before": (datetime(2026, 1, 5, tzinfo=UTC), SOME),
    "bucket": Bucket.DAY,
    "timezone": "Europe/Berlin",
    "statuses": ("running",),
    "record_kind": "agent",
}
DIALECTS = (sqlite.dialect(), postgresql.dialect(), CockroachDBDialect_psycopg())


def builders():
    for found in pkgutil.iter_modules(controlplane.analytics.__path__):
        module = importlib.import_module(f"controlplane.analytics.{found.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("select_") and function.__module__ == module.__name__:
                yield function


EVERY = list(builders())


def built(builder):
    return builder(**{name: GIVEN[name] for name in inspect.signature(builder).parameters})


def test_no_builder_is_overlooked():
    assert len(EVERY) >= 51


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@pytest.mark.parametrize("builder", EVERY)
def test_compiles(builder, dialect):
    text = str(built(builder).compile(dialect=dialect))
    assert text.count("workspace_id") >= 1


@pytest.mark.parametrize("builder", EVERY)
def test_runs_on_this_database(session, builder):
    session.execute(built(builder)).all()


@pytest.mark.parametrize("builder", EVERY)
def test_takes_keywords_only_and_always_a_workspace(builder):
    parameters = inspect.signature(builder).parameters
    assert {each.kind for each in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters["workspace_id"].default is inspect.Parameter.empty


@pytest.mark.parametrize("builder", EVERY)
def test_is_ordered_unless_it_is_one_row(session, builder):
    statement = built(builder)
    rows = session.execute(statement).all()
    assert statement._order_by_clauses or len(rows) == 1


@pytest.mark.parametrize("builder", EVERY)
def test_is_pure(builder):
    statement = built(builder)
    assert isinstance(statement, sa.Select)
    assert statement.compare(built(builder))


@pytest.mark.parametrize("builder", EVERY)
def test_one_text_serves_every_window(builder):
    """The statement does not grow with the window, so a database can keep its plan."""
    if "until" not in inspect.signature(builder).parameters:
        return
    other = {**GIVEN, "until": GIVEN["until"] + timedelta(days=20)}
    longer = builder(**{name: other[name] for name in inspect.signature(builder).parameters})
    assert str(longer.compile(dialect=DIALECTS[0])) == str(built(builder).compile(dialect=DIALECTS[0]))
