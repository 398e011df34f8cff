"""A result that is read for its golden distinguishes what SQLAlchemy and drivers make equal."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

METADATA = sa.MetaData()
PART = sa.Table(
    "part",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("facts", sa.JSON),
    sa.Column("name", sa.Text),
)


class Tidy(sa.types.TypeDecorator):
    """A type that makes something else of every value."""

    impl = sa.JSON
    cache_ok = True

    def process_result_value(self, value, dialect):
        return {"tidy": value}


@pytest.fixture(params=["sqlite", "postgresql"])
def connection(request):
    url = "sqlite://" if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    engine = sa.create_engine(sa.make_url(url).set(drivername="postgresql+psycopg") if url != "sqlite://" else url)
    with engine.connect() as connection:
        METADATA.create_all(connection)
        values = ({"a": 1}, sa.JSON.NULL, sa.null(), "null")
        for number, value in enumerate(values):
            connection.execute(PART.insert().values(id=number, facts=value, name="null"))
        yield connection
    engine.dispose()


BY_ID = sa.select(PART.c.facts, PART.c.name).order_by(PART.c.id)
CELLS = ['{"a": 1}', "null", "NULL", '"null"']
FORMS = {
    "rows": lambda result: result,
    "mappings": lambda result: result.mappings(),
}


def first_cells(text):
    return [line.split(" | ")[0].removeprefix("| ") for line in text.splitlines()[4:]]


@pytest.mark.parametrize("form", FORMS)
def test_json_null_differs_from_a_missing_value(golden_text, connection, form):
    assert first_cells(golden_text(FORMS[form](connection.execute(BY_ID)))) == CELLS


def test_json_null_among_single_values_differs_from_a_missing_one(golden_text, connection):
    found = golden_text(connection.scalars(sa.select(PART.c.facts).order_by(PART.c.id)))

    assert [cell.removesuffix(" |") for cell in first_cells(found)] == CELLS


def test_json_null_in_a_text_statement_differs_from_a_missing_value(golden_text, connection):
    found = golden_text(connection.execute(sa.text("SELECT facts, name FROM part ORDER BY id")))

    assert len(set(first_cells(found)[1:3])) == 2


def test_json_null_in_part_of_the_columns_differs_from_a_missing_value(golden_text, connection):
    pair = sa.select(PART.c.name, PART.c.facts, PART.c.id).where(PART.c.id.in_((1, 2))).order_by(PART.c.id)
    lines = golden_text(connection.execute(pair)).splitlines()[4:]

    assert [line.split(" | ")[1] for line in lines] == ["null", "NULL"]


def test_type_of_the_project_keeps_what_it_makes_of_json_null(golden_text, connection):
    tidy = sa.select(sa.type_coerce(PART.c.facts, Tidy)).where(PART.c.id == 1)

    assert '{"tidy": null}' in golden_text(connection.execute(tidy))


def test_rows_left_out_as_repeated_keep_their_own_values(golden_text, connection):
    connection.execute(PART.insert().values(id=9, facts=sa.null(), name="last"))
    found = golden_text(connection.execute(sa.select(PART.c.name).order_by(PART.c.id)).unique())

    assert [cell.removesuffix(" |") for cell in first_cells(found)] == ["null", "last"]


def test_key_of_a_json_value_shows_among_single_values(golden_text, connection):
    def single(value):
        connection.execute(PART.update().values(facts=value).where(PART.c.id == 0))
        return golden_text(connection.scalars(sa.select(PART.c.facts).where(PART.c.id == 0)))

    assert len({single(value) for value in ({"a": 1}, {"b": 1}, [1], 1, {"a": [1]})}) == 5


@pytest.mark.parametrize(
    ("form", "shown", "kind"),
    [("interval '{}'", "1 mon", "interval"), ("'{{{}}}'::interval[]", '{"1 mon"}', "json")],
)
@pytest.mark.parametrize("connection", ["postgresql"], indirect=True)
def test_month_differs_from_thirty_days(golden_text, connection, form, shown, kind):
    cells = [
        golden_text(connection.exec_driver_sql(f"SELECT {form.format(text)} AS span, 1 AS one"))
        for text in ("1 month", "30 days", "1 year", "360 days", "-1 mons")
    ]

    assert len(set(cells)) == 5
    assert f"| {shown} | 1 |" in cells[0]
    assert f"span {kind}" in cells[0]


@pytest.mark.parametrize("connection", ["postgresql"], indirect=True)
def test_interval_without_months_reads_in_seconds(golden_text, connection):
    result = connection.execute(sa.select(sa.literal(dt.timedelta(days=2)).label("span")))

    assert "| 172800 s |" in golden_text(result)
