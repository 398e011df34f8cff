"""What steps did to a database, as text."""

from __future__ import annotations

import random
import uuid

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.goldens.formats.changes import Step, render
from pytest_query_snapshot.recording.tables.snapshots import StateReader
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks

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
DOCUMENT = sa.Table(
    "document",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("100%", sa.Text),
    sa.Column("body", sa.JSON),
)
READER = StateReader(METADATA.tables.values(), IdColumns(METADATA), masks=Masks())


@pytest.fixture
def connection():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    METADATA.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def state(connection):
    return READER.read(connection)


def test_rows_are_distinguished_by_the_rows_their_random_ids_refer_to(connection):
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
        texts.add(render(before, [Step("make", state(connection))], IdAliases()))
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
    assert render(first, [Step("one", second), Step("two", third), Step("three", third)], IdAliases()) == (
        "## one\n\n"
        "### log\n\n```diff\n+ text='same'\n```\n\n"
        "### pair\n\n```diff\n~ (a=1, b=1): note NULL -> 'it''s'\n```\n\n"
        "## two\n\n### pair\n\n```diff\n- (a=1, b=2)\n```\n\n"
        "## three\n\nnothing changed\n\n"
        "unchanged: (none). Tables not listed are empty.\n"
    )


def test_tables_that_hold_rows_are_said_to_be_unchanged(connection):
    connection.execute(sa.insert(LOG), [{"text": "x"}])
    first = state(connection)
    text = render(first, [Step("nothing", first)], IdAliases())
    assert text.endswith("unchanged: log (1). Tables not listed are empty.\n")


def test_reverted_change_reads_as_before(connection):
    connection.execute(sa.insert(LOG), [{"text": "x"}])
    first = state(connection)
    connection.execute(sa.insert(LOG), [{"text": "y"}])
    second = state(connection)
    connection.execute(sa.delete(LOG).where(LOG.c.text == "y"))
    third = state(connection)
    text = render(first, [Step("there", second), Step("back", third)], IdAliases())
    assert "## there\n\n### log\n\n```diff\n+ text='y'\n```" in text
    assert "## back\n\n### log\n\n```diff\n- text='y'\n```" in text
    assert third["log"] is first["log"]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ({"n": 1}, {"n": True}, """'{"n": 1}' -> '{"n": true}'"""),
        ({"n": 1}, {"n": 1.0}, """'{"n": 1}' -> '{"n": 1.0}'"""),
        ([0], [False], "'[0]' -> '[false]'"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, None),
        (sa.null(), {"n": 1}, """NULL -> '{"n": 1}'"""),
        ({"n": 1}, sa.JSON.NULL, """'{"n": 1}' -> null"""),
        ({"n": 2}, sa.literal_column("""'{"n":1,"n":2}'"""), """'{"n": 2}' -> '{"n":1,"n":2}'"""),
        ([0.1], sa.literal_column("'[0.10000000000000000001]'"), "'[0.1]' -> '[0.10000000000000000001]'"),
        ([0.0], sa.literal_column("'[1e-400]'"), "'[0.0]' -> '[1e-400]'"),
    ],
)
def test_json_changes_when_its_text_does(connection, old, new, shown):
    connection.execute(sa.insert(DOCUMENT).values({"id": 1, "100%": "all", "body": old}))
    first = state(connection)
    connection.execute(sa.update(DOCUMENT).values(body=new))
    text = render(first, [Step("change", state(connection))], IdAliases())
    expected = "nothing changed" if shown is None else f"~ document#1: body {shown.replace(chr(39), '')}"
    assert expected in text


def test_no_write_is_hidden(connection):
    """Neither a trigger nor a raw cursor, whose statements name other tables, or tell nobody."""
    connection.exec_driver_sql(
        "CREATE TRIGGER noted AFTER UPDATE ON pair BEGIN INSERT INTO log VALUES ('noted ' || new.note); END"
    )
    connection.execute(sa.insert(PAIR).values(a=1, b=1, note="old"))
    first = state(connection)
    connection.connection.driver_connection.execute("UPDATE pair SET note = 'new'")
    text = render(first, [Step("behind", state(connection))], IdAliases())
    assert "+ text='noted new'" in text
    assert "~ (a=1, b=1): note 'old' -> 'new'" in text
