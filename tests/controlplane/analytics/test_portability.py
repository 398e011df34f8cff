"""What is true of every builder: portable, of one workspace, pure, and answered in plain Python too."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql import operators, visitors
from sqlalchemy_cockroachdb.psycopg import CockroachDBDialect_psycopg

from controlplane.analytics import questions
from controlplane.analytics.rollup import questions as daily_sums
from controlplane.analytics.sql.buckets import Bucket
from controlplane.sql_time import UTCDateTime

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
SEEDS = ("twins", "governance_history", "workflow_history", "lifecycle_history", "canvas_history", "debug_history")
DIALECTS = (sqlite.dialect(), postgresql.dialect(), CockroachDBDialect_psycopg())


def builders():
    for found in pkgutil.walk_packages(questions.__path__, f"{questions.__name__}."):
        module = importlib.import_module(found.name)
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if name.startswith("select_") and function.__module__ == module.__name__:
                yield function


EVERY = list(builders())
SUMMED = [
    function
    for name, function in inspect.getmembers(daily_sums, inspect.isfunction)
    if name.startswith("select_") and function.__module__ == daily_sums.__name__
]
# the same questions asked of daily sums, told and checked by reference where they are asked of runs
every_statement = pytest.mark.parametrize(
    "builder",
    [*EVERY, *(pytest.param(each, id=f"{each.__name__}-of daily sums") for each in SUMMED)],
)


def built(builder, **changed):
    given = GIVEN | changed
    return builder(**{name: given[name] for name in inspect.signature(builder).parameters})


def test_no_builder_is_overlooked():
    assert len(EVERY) >= 58
    assert len(SUMMED) >= 9


@pytest.mark.parametrize("dialect", DIALECTS, ids=lambda dialect: dialect.name)
@every_statement
def test_compiles(builder, dialect):
    text = str(built(builder).compile(dialect=dialect))
    assert text.count("workspace_id") >= 1


@every_statement
def test_runs_on_this_database(session, builder):
    session.execute(built(builder)).all()


@every_statement
def test_takes_keywords_only_and_always_a_workspace(builder):
    parameters = inspect.signature(builder).parameters
    assert {each.kind for each in parameters.values()} == {inspect.Parameter.KEYWORD_ONLY}
    assert parameters["workspace_id"].default is inspect.Parameter.empty


@every_statement
def test_is_ordered_unless_it_is_one_row(session, builder):
    statement = built(builder)
    rows = session.execute(statement).all()
    assert statement._order_by_clauses or len(rows) == 1


@every_statement
def test_is_pure(builder):
    statement = built(builder)
    assert isinstance(statement, sa.Select)
    assert statement.compare(built(builder))


@every_statement
def test_one_text_serves_every_window(builder):
    """The statement does not grow with the window, so a database can keep its plan."""
    if "until" not in inspect.signature(builder).parameters:
        return
    longer = built(builder, until=GIVEN["until"] + timedelta(days=20))
    assert str(longer.compile(dialect=DIALECTS[0])) == str(built(builder).compile(dialect=DIALECTS[0]))


def keys_of(statement):
    """What a statement is sorted by, directions taken off."""
    for clause in statement._order_by_clauses:
        key = clause
        while isinstance(key, sa.UnaryExpression) and key.modifier is not None:
            key = key.element
        yield key


@pytest.mark.seed(*SEEDS)
@every_statement
def test_no_two_rows_share_a_place(session, builder):
    """The order is total, also among agents that only their id distinguishes."""
    statement = built(builder, since=datetime(2020, 1, 1, tzinfo=UTC), limit=1000, bucket=Bucket.WEEK)
    keys = [key.label(f"key_{number}") for number, key in enumerate(keys_of(statement))]
    rows = session.execute(statement.add_columns(*keys)).all()
    places = [tuple(row)[len(row) - len(keys) :] for row in rows]
    assert len(set(places)) == len(rows)
    assert keys or len(rows) == 1


def paragraphs(builder):
    """The parts of a docstring that begin with a heading."""
    text = " ".join(inspect.getdoc(builder).split())
    parts = re.split(r" (Window|Columns|Null|Order): ", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def columns_told(builder):
    """Columns are told in groups, `name`, `name` and what they are: the unit of a number."""
    units = {}
    for group in paragraphs(builder)["Columns"].rstrip(".").split("; "):
        names = re.match(r"(?:`\w+`(?:, )?)+", group)[0]
        units |= dict.fromkeys(re.findall(r"`(\w+)`", names), group.removeprefix(names).strip())
    return units


@pytest.mark.parametrize("builder", EVERY)
def test_docstring_describes_windows_columns_nulls_and_ties(builder):
    told, statement = paragraphs(builder), built(builder)
    assert inspect.getdoc(builder).startswith("Select")
    assert ("Window" in told) == ("since" in inspect.signature(builder).parameters)
    assert ("Order" in told) == bool(statement._order_by_clauses)
    assert re.search(r"ties|equal|together|within|same", told.get("Order", "no ties in one row"))
    assert list(columns_told(builder)) == list(statement.selected_columns.keys())
    assert "Null" in told


@pytest.mark.parametrize("builder", EVERY)
def test_the_docstring_gives_every_number_a_unit(builder):
    units = columns_told(builder)
    for column in built(builder).selected_columns:
        kind = column.type
        if isinstance(kind, sa.DateTime | UTCDateTime):
            assert units[column.key].startswith("UTC"), column.key
        elif isinstance(kind, sa.Integer | sa.Float | sa.types.NullType):
            assert units[column.key], column.key


def read_by(select):
    """The tables that one SELECT reads itself, and the conditions it reads them by."""
    waiting, tables, conditions = [*select.get_final_froms()], [], [*select._where_criteria]
    while waiting:
        source = waiting.pop()
        if isinstance(source, sa.Join):
            waiting += [source.left, source.right]
            conditions.append(source.onclause)
        elif isinstance(getattr(source, "element", source), sa.Table):
            tables.append(source)
    return tables, conditions


def in_one_workspace(conditions):
    """The names of the tables that the conditions bind to the given workspace."""
    compared = [each for condition in conditions for each in visitors.iterate(condition)]
    return {
        each.left.table.name
        for each in compared
        if isinstance(each, sa.BinaryExpression)
        and each.operator is operators.eq
        and getattr(each.left, "key", "") == "workspace_id"
        and isinstance(each.right, sa.BindParameter)
        and each.right.value == SOME
    }


@every_statement
def test_stays_on_the_node_of_its_workspace(builder):
    """Each SELECT binds every table that is spread by workspace to the given one, so no row is elsewhere."""
    selects = [each for each in visitors.iterate(built(builder)) if isinstance(each, sa.Select)]
    read = 0
    for select in selects:
        tables, conditions = read_by(select)
        spread = {table.name for table in tables if "workspace_id" in table.c}
        assert spread <= in_one_workspace(conditions)
        assert {table.name for table in tables} - spread <= {"user_account"}  # on every node
        read += len(spread)
    assert read


REFERENCES = sorted(Path(__file__).parent.glob("test_*_reference.py"))


def is_property(function):
    return isinstance(function, ast.FunctionDef) and any(
        isinstance(each, ast.Call) and ast.unparse(each.func) == "given" for each in function.decorator_list
    )


def asked(path):
    """The builders that are called in the body of a property, by module and name."""
    tree = ast.parse(path.read_text())
    imported = {
        each.name: f"{line.module}.{each.name}"
        for line in tree.body
        if isinstance(line, ast.ImportFrom)
        for each in line.names
    }
    for function in filter(is_property, tree.body):
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in imported:
                yield imported[node.func.id]


ASKED = {name for path in REFERENCES for name in asked(path)}


@pytest.mark.parametrize("builder", EVERY)
def test_a_reference_in_plain_python_answers_it_too(builder):
    assert f"{builder.__module__}.{builder.__name__}" in ASKED


def test_a_reference_imports_no_statement_to_answer_with():
    for path in REFERENCES:
        for line in ast.walk(ast.parse(path.read_text())):
            if isinstance(line, ast.ImportFrom) and line.module.startswith("controlplane."):
                names = [each.name for each in line.names if not each.name.startswith("select_")]
                assert line.module == "controlplane.models" or names in ([], ["Bucket"]), (path.name, names)
