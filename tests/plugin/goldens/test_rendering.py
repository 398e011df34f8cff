"""Values, ids and rows as text: what is equal prints alike, what differs prints differently."""

from __future__ import annotations

import datetime as dt
import enum
import uuid

import pytest
import sqlalchemy as sa

from pytest_query_snapshot.goldens.formats import rows
from pytest_query_snapshot.values.driver_rows import fetch_all
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks
from pytest_query_snapshot.values.printing.printer import Masked, Printer
from pytest_query_snapshot.values.result_rows import to_table
from pytest_query_snapshot.values.table import RowOrder

METADATA = sa.MetaData()
TEAM = sa.Table("team", METADATA, sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.Text))
RUN = sa.Table(
    "run",
    METADATA,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("team_id", sa.ForeignKey("team.id")),
    sa.Column("score", sa.Float),
    sa.Column("size", sa.Integer),
)
ZONE = dt.timezone(dt.timedelta(hours=2))


class Colour(enum.StrEnum):
    RED = "red"


class Size(enum.Enum):
    BIG = 3


def test_long_bytes_are_distinguished_by_their_hash():
    printer = Printer(IdAliases())
    assert printer.value(b"a" * 100) != printer.value(b"a" * 99 + b"b")


def test_ids_are_named_in_order_of_appearance_also_inside_texts_and_json():
    first, second = uuid.uuid4(), uuid.uuid4()
    printer = Printer(IdAliases())
    assert printer.value(first, kind="agent") == "agent#1"
    assert printer.value(f"lost {first} and {second}") == "'lost agent#1 and id#1'"
    assert printer.value({"of": str(second)}) == '{"of": "id#1"}'


def test_ids_that_only_statements_show_do_not_move_the_shared_numbers():
    shared = IdAliases()
    own = IdAliases(shared)
    assert own.alias_for(uuid.UUID(int=1), "agent") == "agent#s1"
    assert shared.alias_for(uuid.UUID(int=2), "agent") == "agent#1"
    assert own.alias_for(uuid.UUID(int=2), "agent") == "agent#1"


def render(engine, statement):
    with engine.connect() as connection:
        result = connection.execute(statement)
        return rows.render(to_table(result, fetch_all(result), IdColumns(METADATA), masks=Masks()), IdAliases())


@pytest.fixture
def engine():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    METADATA.create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.insert(TEAM), [{"id": 70, "name": "x"}, {"id": 80, "name": "a|b"}])
        runs = [(9, 80, 0.5, 1), (1, 70, 0.5, 2), (2, 70, None, 3)]
        connection.execute(
            sa.insert(RUN),
            [{"id": uuid.UUID(int=i), "team_id": t, "score": s, "size": n} for i, t, s, n in runs],
        )
    yield engine
    engine.dispose()


def test_a_query_without_order_is_a_bag_sorted_by_content(engine):
    assert render(engine, sa.select(RUN)) == (
        "order: none, compared as a bag\n\n"
        "| id uuid | team_id integer | score number | size integer |\n"
        "|---|---|---|---|\n"
        "| run#2 | team#1 | NULL | 3 |\n"
        "| run#3 | team#2 | 0.5 | 1 |\n"
        "| run#1 | team#1 | 0.5 | 2 |\n"
    )


def test_a_bag_does_not_depend_on_random_ids_nor_on_the_order_of_insertion():
    columns = (rows.Column("id", "uuid", "run"), rows.Column("name", "text"))
    received = [
        rows.Rows(columns, [(uuid.uuid4(), name) for name in names], RowOrder()) for names in ("cab", "bca", "abc")
    ]
    assert len({rows.render(each, IdAliases()) for each in received}) == 1


def test_an_order_is_stated_and_its_ties_are_flagged(engine):
    text = render(engine, sa.select(RUN.c.size, RUN.c.score).order_by(RUN.c.score.desc()))
    assert text.startswith("order: run.score DESC; ties in rows 1-2\n")
    assert render(engine, sa.select(RUN.c.size).order_by(RUN.c.size)).startswith("order: run.size\n")
    assert render(engine, sa.select(RUN.c.size).order_by(RUN.c.score, RUN.c.id)).startswith(
        "order: run.score, run.id (not all shown)\n"
    )


@pytest.mark.parametrize(
    ("columns", "keys", "order"),
    [
        ((sa.func.max(RUN.c.size).label("most"),), (sa.func.max(RUN.c.size).desc(),), "max(run.size) DESC"),
        ((TEAM.c.name,), (sa.collate(TEAM.c.name, "BINARY"),), 'team.name COLLATE "BINARY"'),
        ((TEAM.c.name,), (sa.collate(TEAM.c.name, "NOCASE"),), 'team.name COLLATE "NOCASE" (not all shown)'),
        ((TEAM.c.name,), (sa.func.lower(TEAM.c.name),), "lower(team.name) (not all shown)"),
        # which value the statement has is not known here: one text serves all of them
        (
            (sa.func.coalesce(TEAM.c.name, "a").label("known"),),
            (sa.func.coalesce(TEAM.c.name, "b"),),
            "coalesce(team.name, :coalesce_1) (not all shown)",
        ),
    ],
)
def test_a_sort_key_is_shown_by_a_column_that_has_its_value(engine, columns, keys, order):
    assert render(engine, sa.select(*columns).order_by(*keys)).startswith(f"order: {order}\n")


def test_equal_rows_are_no_tie(engine):
    text = render(engine, sa.select(RUN.c.team_id).order_by(RUN.c.team_id))
    assert text.startswith("order: run.team_id\n")


def test_ids_keep_their_table_through_subqueries_and_labels(engine):
    inner = sa.select(RUN.c.team_id.label("whose"), sa.func.count().label("n")).group_by(RUN.c.team_id).cte()
    text = render(engine, sa.select(inner.c.whose, inner.c.n).order_by(inner.c.n))
    assert "| team#2 | 1 |\n| team#1 | 2 |\n" in text


def test_pipes_do_not_break_a_table(engine):
    assert "| a\\|b |" in render(engine, sa.select(TEAM.c.name))


def test_declared_type_is_stated_without_a_value(engine):
    query = sa.select(TEAM.c.name, RUN.c.score, sa.literal(None, sa.DateTime).label("at")).where(RUN.c.size > 9)
    query = query.join_from(RUN, TEAM)
    assert "| name text | score number | at timestamp |\n" in render(engine, query)


def test_no_rows_are_said(engine):
    assert render(engine, sa.select(RUN.c.size).where(RUN.c.size > 9)).endswith(
        "| size integer |\n|---|\n\nno rows\n"
    )


def test_changed_order_of_rows_keeps_the_aliases_of_ids(engine):
    ascending, descending = (
        render(engine, sa.select(RUN.c.id, RUN.c.size).order_by(key)) for key in (RUN.c.size, RUN.c.size.desc())
    )
    assert sorted(ascending.splitlines()[4:]) == sorted(descending.splitlines()[4:])
    assert "| run#3 | 1 |" in ascending


def test_random_ids_are_numbered_by_what_their_rows_say():
    columns = (rows.Column("id", "uuid", "run"), rows.Column("name", "text"))
    first, second = uuid.uuid4(), uuid.uuid4()
    received = [(first, "b"), (second, "a")]
    texts = [
        rows.render(rows.Rows(columns, each, RowOrder(given=True)), IdAliases())
        for each in (received, received[::-1])
    ]
    assert all("| run#1 | a |" in text and "| run#2 | b |" in text for text in texts)


def test_masked_sort_keys_claim_no_ties():
    columns = (rows.Column("at", "timestamp"), rows.Column("n", "integer"))
    received = [(Masked("timestamp"), 2), (Masked("timestamp"), 1)]
    order = RowOrder(keys=("t.at",), positions=(0,))
    text = rows.render(rows.Rows(columns, received, order), IdAliases())
    assert text.startswith("order: t.at (masked)\n")


@pytest.mark.parametrize("masked", [False, True])
def test_rows_of_one_sort_key_are_stored_in_the_order_of_their_content(masked):
    key = Masked("integer") if masked else 1
    columns = (rows.Column("rank", "integer"), rows.Column("name", "text"))
    order = RowOrder(keys=("t.rank",), positions=(0,))
    texts = {
        rows.render(rows.Rows(columns, [(key, name) for name in names], order), IdAliases())
        for names in (("b", "a", "c"), ("c", "b", "a"))
    }
    assert len(texts) == 1
