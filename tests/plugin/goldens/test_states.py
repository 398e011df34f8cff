"""What steps did to a database, as text."""

from __future__ import annotations

import random
import uuid

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.renderers.identities import Identities, IdentityColumns
from pytest_query_snapshot.renderers.state import Step, read_state, render

METADATA = sa.MetaData()
STEP = sa.Table("step", METADATA, sa.Column("id", sa.Uuid, primary_key=True), sa.Column("name", sa.Text))
EVENT = sa.Table(
    "event",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("record_id", sa.Uuid),
    sa.Column("kind", sa.Text),
)
LOG = sa.Table("log", METADATA, sa.Column("text", sa.Text))
PAIR = sa.Table(
    "pair",
    METADATA,
    sa.Column("a", sa.Integer, primary_key=True),
    sa.Column("b", sa.Integer, primary_key=True),
    sa.Column("note", sa.Text),
)


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    METADATA.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def state(connection):
    return read_state(connection, METADATA.tables.values(), IdentityColumns(METADATA))


def test_rows_are_told_apart_by_what_their_random_ids_stand_for(connection):
    texts = set()
    for seed in range(5):
        connection.execute(sa.delete(STEP))
        connection.execute(sa.delete(EVENT))
        before = state(connection)
        names = ["end", "first", "second", "third"]
        random.Random(seed).shuffle(names)
        for name in names:
            key = uuid.uuid4()
            connection.execute(sa.insert(STEP).values(id=key, name=name))
            connection.execute(sa.insert(EVENT).values(id=uuid.uuid4(), record_id=key, kind="created"))
        texts.add(render(before, [Step("make", state(connection))], Identities()))
    (text,) = texts
    assert "+ event#1: record_id=record#1, kind='created'" in text
    assert "+ record#1: name='end'" in text


def test_inserts_updates_and_deletes_show_and_so_does_what_stayed(connection):
    connection.execute(sa.insert(PAIR), [{"a": 1, "b": n, "note": None} for n in (1, 2)])
    connection.execute(sa.insert(LOG), [{"text": "same"}, {"text": "same"}])
    first = state(connection)
    connection.execute(sa.insert(LOG), [{"text": "same"}])
    connection.execute(sa.update(PAIR).where(PAIR.c.b == 1).values(note="it's"))
    second = state(connection)
    connection.execute(sa.delete(PAIR).where(PAIR.c.b == 2))
    third = state(connection)
    assert render(first, [Step("one", second), Step("two", third), Step("three", third)], Identities()) == (
        "## one\n\n"
        "### log\n\n```diff\n+ text='same'\n```\n\n"
        "### pair\n\n```diff\n~ (1, 1): note NULL -> 'it''s'\n```\n\n"
        "## two\n\n### pair\n\n```diff\n- (1, 2): \n```\n\n"
        "## three\n\nnothing changed\n\n"
        "untouched: no table that holds rows; what is not named here stayed empty\n"
    )


def test_tables_that_hold_rows_are_said_to_be_untouched(connection):
    connection.execute(sa.insert(LOG), [{"text": "x"}])
    first = state(connection)
    text = render(first, [Step("nothing", first)], Identities())
    assert text.endswith("untouched: log (1); what is not named here stayed empty\n")
