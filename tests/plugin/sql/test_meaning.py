"""The classes of the classifier against what databases return: conditions and edits that nobody chose."""

from __future__ import annotations

import random
import uuid

import pytest
import sqlalchemy as sa
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.databases.servers import provisioning
from pytest_query_snapshot.sql.diff.statements import classify_statement

from .generated_changes import BENIGN

WORDS = ("'new'", "'old'", "'x'")
COLUMNS = ("id", "a", "b", "s", "f")
SCHEMA = (
    "CREATE TEMPORARY TABLE t (id integer PRIMARY KEY, a integer, b integer, s text, f boolean)",
    "CREATE TEMPORARY TABLE u (id integer PRIMARY KEY, t_id integer, a integer, s text)",
)


def rows():
    choose = random.Random(7)
    numbers, words = (None, *range(6)), (None, "new", "old", "x", "xy")
    for number in range(1, 90):
        a, b = choose.choice(numbers), choose.choice(numbers)
        yield "t", (number, a, b, choose.choice(words), choose.choice((None, True, False)))
        yield "u", (number, choose.randrange(1, 90), choose.choice(numbers), choose.choice(words))


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request):
    """Return the name of a dialect and a connection to seeded tables."""
    url = sa.make_url("sqlite://")
    if request.param == "postgresql":
        # not the server's own database, which sessions within this process may take for that of their tests
        server = sa.make_url(request.getfixturevalue("postgresql_server").url)
        url = provisioning.create(server, f"meanings_{uuid.uuid4().hex[:8]}")
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        for statement in SCHEMA:
            connection.exec_driver_sql(statement)
        for table, row in rows():
            names = [f"p{number}" for number in range(len(row))]
            values = dict(zip(names, row, strict=True))
            connection.execute(sa.text(f"INSERT INTO {table} VALUES (:{', :'.join(names)})"), values)
        connection.commit()
        yield request.param, connection
    engine.dispose()


def atoms(table):
    number = st.integers(0, 5).map(str)
    column = st.sampled_from(("a", "b") if table == "t" else ("a", "t_id")).map(lambda name: f"{table}.{name}")
    operator = st.sampled_from(("<", "<=", ">", ">=", "=", "<>"))
    text = f"{table}.s"
    several = [
        st.tuples(column, operator, number).map(" ".join),
        st.tuples(number, operator, column).map(" ".join),
        st.tuples(column, number, number).map(lambda each: "{} BETWEEN {} AND {}".format(*each)),
        st.tuples(column, st.sampled_from(("IN", "NOT IN")), st.lists(number, min_size=1, max_size=3)).map(
            lambda each: f"{each[0]} {each[1]} ({', '.join(each[2])})"
        ),
        st.tuples(column, st.sampled_from(("IS NULL", "IS NOT NULL"))).map(" ".join),
        st.sampled_from(WORDS).map(lambda word: f"{text} = {word}"),
        st.sampled_from(("'n%'", "'%'", "'x%'", "'xy'", "'_'")).map(lambda pattern: f"{text} LIKE {pattern}"),
        st.just(f"coalesce({text}, 'x') = 'x'"),
        # PostgreSQL alone knows these
        st.tuples(column, st.sampled_from(("", "NOT ")), number, number).map(
            lambda each: "{} {}BETWEEN SYMMETRIC {} AND {}".format(*each)
        ),
        st.tuples(column, st.sampled_from(("= ANY", "<> ALL")), st.lists(number, min_size=1, max_size=3)).map(
            lambda each: f"{each[0]} {each[1]} (ARRAY[{', '.join(each[2])}])"
        ),
    ]
    if table == "t":
        several += [
            st.sampled_from(("t.f", "t.f IS TRUE", "t.f IS NOT TRUE", "t.f IS FALSE", "t.f = false", "NOT t.f")),
            st.tuples(operator, number, number).map(lambda each: "(t.a, t.b) {} ({}, {})".format(*each)),
            st.tuples(number, number).map(
                lambda each: f"CASE WHEN t.a = {each[0]} THEN t.b > 1 WHEN t.f THEN t.b < {each[1]} ELSE t.f END"
            ),
        ]
    return st.one_of(*several)


def inner_conditions(table):
    def deeper(inner):
        joined = st.tuples(st.lists(inner, min_size=2, max_size=3), st.sampled_from((" AND ", " OR ")))
        return st.one_of(
            joined.map(lambda each: f"({each[1].join(each[0])})"),
            inner.map(lambda each: f"NOT ({each})"),
        )

    return st.recursive(atoms(table), deeper, max_leaves=4)


EXISTS = st.tuples(st.sampled_from(("", "NOT ")), inner_conditions("u")).map(
    lambda each: f"{each[0]}EXISTS (SELECT 1 FROM u WHERE u.t_id = t.id AND {each[1]})"
)
MEMBER = st.tuples(st.sampled_from(("IN", "NOT IN")), inner_conditions("u")).map(
    lambda each: f"t.id {each[0]} (SELECT u.t_id FROM u WHERE {each[1]})"
)
NOT = st.sampled_from(("", "NOT "))
NUMBER = st.integers(0, 5)
NESTED = st.tuples(NOT, st.sampled_from("tx"), NOT, NUMBER).map(
    lambda each: (
        f"{each[0]}EXISTS (SELECT 1 FROM t AS x WHERE x.a = t.a AND {each[2]}EXISTS"
        f" (SELECT 1 FROM t AS y WHERE y.b = {each[1]}.b AND y.a >= {each[3]}))"
    )
)
SCALAR = st.tuples(
    st.sampled_from(("count(*)", "max(u.a)")), inner_conditions("u"), st.sampled_from("<=>"), NUMBER
).map(lambda each: f"(SELECT {each[0]} FROM u WHERE u.t_id = t.id AND {each[1]}) {each[2]} {each[3]}")
QUANTIFIED = st.tuples(st.sampled_from(("= ANY", "<> ALL", "> ALL", "< ANY")), inner_conditions("u")).map(
    lambda each: f"t.a {each[0]} (SELECT u.a FROM u WHERE u.a IS NOT NULL AND {each[1]})"
)
NAMED = st.tuples(NOT, inner_conditions("u")).map(
    lambda each: f"t.id {each[0]}IN (WITH c AS (SELECT u.t_id FROM u WHERE {each[1]}) SELECT c.t_id FROM c)"
)
COUNTED = st.tuples(NOT, inner_conditions("u"), NUMBER).map(
    lambda each: (
        f"t.id {each[0]}IN (SELECT d.t_id FROM (SELECT u.t_id, count(*) AS n FROM u WHERE {each[1]}"
        f" GROUP BY u.t_id) AS d WHERE d.n > {each[2]})"
    )
)
ABSENT = inner_conditions("u").map(
    lambda each: f"t.id IN (SELECT z.id FROM t AS z LEFT JOIN u ON u.t_id = z.id AND {each} WHERE u.id IS NULL)"
)
SUBQUERIES = st.one_of(EXISTS, MEMBER, NESTED, SCALAR, QUANTIFIED, NAMED, COUNTED, ABSENT)
CONDITIONS = st.one_of(inner_conditions("t"), SUBQUERIES)


REPLACED, ANOTHER_DIGIT = 5, 6


@st.composite
def edits(draw):
    """Draw two lists of conditions: one came from the other by an edit of one of them."""
    before = draw(st.lists(CONDITIONS, min_size=1, max_size=3))
    after = list(before)
    place = draw(st.integers(0, len(before) - 1))
    part = before[place]
    edit = draw(st.sampled_from((0, 1, 2, 3, 4, 4, 4, REPLACED, ANOTHER_DIGIT)))
    if edit == 0:
        del after[place]
    elif edit == 1:
        after[place] = f"({part} OR {draw(CONDITIONS)})"
    elif edit == 2:
        after.append(draw(CONDITIONS))
    elif edit == 3:
        after[place] = f"NOT ({part})"
    elif edit == 4:
        words = [
            ("AND", "OR"),
            ("OR", "AND"),
            ("<=", "<"),
            ("<", "<="),
            (">", ">="),
            ("NOT ", ""),
            ("IS NOT", "IS"),
            ("= x.b", "= t.b"),
            ("= t.b", "= x.b"),
            ("count(*)", "count(u.a)"),
            ("max(", "min("),
            ("= ANY", "IN"),
            ("SELECT c.t_id FROM c", "SELECT u.t_id FROM u"),
            (" AND ", " AND u.a > 1 AND "),
            (" SYMMETRIC", ""),
            ("= ANY (ARRAY[", "IN ("),
            ("<> ALL (ARRAY[", "NOT IN ("),
            ("ELSE t.f", "ELSE false"),
            (" ELSE t.f", ""),
            ("THEN t.b > 1", "THEN t.b > 2"),
        ]
        old, new = draw(st.sampled_from([pair for pair in words if pair[0] in part] or words))
        after[place] = part.replace(old, new, 1).replace("])", ")" if "ARRAY" in old else "])", 1)
    elif edit == REPLACED:
        after[place] = draw(CONDITIONS)
    else:
        digits = [at for at, sign in enumerate(part) if sign.isdigit()]
        at = draw(st.sampled_from(digits)) if digits else 0
        after[place] = part[:at] + str(draw(st.integers(0, 9))) + part[at + 1 :] if digits else part
    # another value in the place of one is a change, whatever rows it finds
    return (before, draw(st.permutations(after))), edit in {REPLACED, ANOTHER_DIGIT}


def statement(conditions):
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT t.id FROM t{where} ORDER BY t.id"


def rows_of(database, sql):
    """Return the ids that a statement finds; None where an edit made what the database refuses."""
    try:
        return {row[0] for row in database.execute(sa.text(sql).execution_options(no_parameters=True))}
    except sa.exc.DBAPIError:
        database.rollback()
        return None


@settings(max_examples=300, deadline=None)
@given(edits())
def test_change_that_admits_more_rows_is_a_risk(database, edit):
    dialect, connection = database
    conditions, other_values = edit
    old, new = map(statement, conditions)
    before, after = rows_of(connection, old), rows_of(connection, new)
    assume(before is not None and after is not None)
    changes = classify_statement(old, new, dialect=dialect)
    if {change.label for change in changes} <= BENIGN:
        assert before == after, (old, new)
    elif after - before and not any(change.risk for change in changes):
        assert other_values, (old, new, changes)
