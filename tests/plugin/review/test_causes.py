"""Equal edits are one cause; anything else that changed in a golden makes another cause of it."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.goldens.classify import classify_golden
from pytest_query_snapshot.review.accept import Review
from pytest_query_snapshot.review.causes import Edit, causes
from pytest_query_snapshot.review.pending import Pending

from .test_pending_runs import CONFTEST


def review(golden, kind, old, new, *, dialect="sqlite"):
    pending = Pending(f"__snapshots__/{golden}", f"tests/{golden}", kind, dialect, old, new)
    return Review(pending, classify_golden(old, new, kind=kind))


def statement(number, *, columns="agent.id,\n       agent.name", where="agent.id = :id_1"):
    return f"SELECT {columns}\nFROM agent\nWHERE {where} AND agent.rank = {number};\n-- 1 row\n"


WIDE = "agent.id,\n       agent.name,\n       agent.nickname"


def sql(number, **changed):
    return review(f"test_{number}.sqlite.sql", "sql", statement(number), statement(number, **changed))


def rows(number, header="| id uuid | name text |", row="| agent#1 | Ada |"):
    def table(columns, values):
        return f"order: agent.id\n\n{columns}\n|---|---|\n{values}\n"

    old = table("| id uuid | name text |", "| agent#1 | Ada |")
    return review(f"test_{number}.rows.md", "rows", old, table(header, row))


def state(number, *, extra=", nickname='ada'"):
    def text(cells):
        return f"## add\n\n### agent\n\n```diff\n+ agent#{number}: id=agent#{number}, name='Ada'{cells}\n```\n"

    return review(f"test_{number}.state.md", "state", text(""), text(extra))


def schema(column="nickname VARCHAR"):
    old = "CREATE TABLE agent (\n\tid INTEGER NOT NULL,\n\tname VARCHAR\n);\n"
    return review("schema.sqlite.schema.sql", "schema", old, old.replace("\n);", f",\n\t{column}\n);"))


def test_column_added_everywhere_is_one_cause():
    wide = rows(9, "| id uuid | name text | nickname text |", "| agent#1 | Ada | ada |")
    (cause,) = causes([sql(1, columns=WIDE), sql(2, columns=WIDE), wide, state(3), schema()])
    assert cause.title == "column agent.nickname added"
    assert cause.extent == "2 statements, 1 result, 1 state, 1 schema"
    assert not cause.risk


def test_expression_added_is_named_as_it_is_written():
    columns = "agent.id,\n       agent.name,\n       upper(agent.name) AS big"
    (cause,) = causes([sql(number, columns=columns) for number in (1, 2)])
    assert cause.title == "column upper(agent.name) as big added"


@pytest.mark.parametrize(("length", "shown"), [(70, "x" * 70), (71, "x" * 67 + "...")])
def test_long_edit_is_cut_at_70_characters(length, shown):
    assert str(Edit("predicate-added", new="x" * length)) == f"predicate {shown} added"


def test_same_predicate_added_is_one_cause():
    where = "agent.id = :id_1 AND agent.deleted_at IS NULL"
    (cause,) = causes([sql(1, where=where), sql(2, where=where), sql(3, where=where)])
    assert len(cause.members) == 3


def test_lost_predicate_is_a_risk_and_listed_first():
    found = causes([sql(1, columns=WIDE), sql(2, columns=WIDE), sql(3, where="1 = 1")])
    assert [(cause.risk, len(cause.members)) for cause in found] == [(True, 1), (False, 2)]


@pytest.mark.parametrize(
    "other",
    [
        sql(2, columns=WIDE, where="agent.id > :id_1"),
        sql(2, columns=f"{WIDE},\n       agent.email"),
        sql(2, columns=WIDE.replace("nickname", "email")),
        state(2, extra=", nickname='ada', email='a'"),
    ],
)
def test_golden_in_which_more_changed_is_another_cause(other):
    assert len(causes([sql(1, columns=WIDE), other])) == 2


def test_comparison_with_rows_of_its_own_is_listed_and_decided_by_itself():
    own = rows(2, "| id uuid | name text | nickname text |", "| agent#1 | Bob | ada |")
    (cause,) = causes([sql(1, columns=WIDE), sql(2, columns=WIDE), own])
    assert cause.own == {"__snapshots__/test_2"}
    assert [review.comparison for review in cause.same] == ["__snapshots__/test_1"]


def test_goldens_of_one_comparison_have_one_cause():
    wide = rows(1, "| id uuid | name text | nickname text |", "| agent#1 | Ada | ada |")
    (cause,) = causes([sql(1, columns=WIDE), wide])
    assert len(cause.parts()) == 1
    assert cause.title == "column agent.nickname added"


def test_parameters_are_one_cause_only_where_the_same_lines_changed():
    def changed(number, value):
        old = f"SELECT {number} FROM agent WHERE id = :id_1;\n-- :id_1 = 1\n"
        return review(f"test_{number}.sqlite.sql", "sql", old, old.replace("id_1 = 1", f"id_1 = {value}"))

    assert len(causes([changed(1, 2), changed(2, 2)])) == 1
    assert len(causes([changed(1, 2), changed(2, 3)])) == 2


BOUND = """\
SELECT a.id FROM a WHERE a.tenant_id = :tenant_1 AND a.k = :k_1;
-- {0} rows
-- :tenant_1 = {0}
-- :k_1 = 5
"""


def without_tenant(number, *, kept="5"):
    new = BOUND.replace("a.tenant_id = :tenant_1 AND ", "").replace("-- :tenant_1 = {0}\n", "")
    new = new.replace("{0} rows", "7 rows").replace("= 5", f"= {kept}")
    return review(f"test_{number}.sqlite.sql", "sql", BOUND.format(number), new)


def test_filter_removed_with_its_parameter_is_one_cause_for_every_value():
    (cause,) = causes([without_tenant(1), without_tenant(2), without_tenant(3)])
    assert cause.title == "tenant-filter a.tenant_id = :value removed"
    assert len(cause.members) == 3


def test_filter_removed_with_another_value_elsewhere_is_another_cause():
    assert len(causes([without_tenant(1), without_tenant(2, kept="6")])) == 2


def test_new_goldens_are_decided_one_by_one():
    new = [review(f"test_{number}.rows.md", "rows", None, "order: as given\n") for number in range(3)]
    assert [len(cause.members) for cause in causes(new)] == [1, 1, 1]
    assert len({cause.id for cause in causes(new)}) == 3


def test_title_of_a_new_statement_names_what_changed_in_its_rows():
    new = review("test_1.sqlite.sql", "sql", None, statement(1))
    (cause,) = causes([new, rows(1, row="| agent#1 | Bo |")])
    assert cause.title == "new; cell-changed"


def test_cause_has_the_same_id_in_every_run():
    first = causes([sql(1, columns=WIDE), sql(2, columns=WIDE)])
    again = causes([sql(5, columns=WIDE)])
    assert first[0].id == again[0].id


def test_column_of_two_tables_is_two_causes():
    member = statement(2).replace("agent", "member")
    other = review(
        "test_b.sqlite.sql", "sql", member, member.replace("member.name", "member.name,\nmember.nickname")
    )
    bare = rows(3, "| id uuid | name text | nickname text |", "| agent#1 | Ada | ada |")
    assert len(causes([sql(1, columns=WIDE), other])) == 2
    assert len(causes([sql(1, columns=WIDE), other, bare])) == 3


MANY = """
import os
import pytest
import sqlalchemy as sa

pytestmark = pytest.mark.seed("users")
COLUMNS = os.environ.get("COLUMNS_READ", "id")

@pytest.mark.parametrize("number", range(30))
def test_names(session, golden, number):
    query = sa.text(f"SELECT {COLUMNS} FROM users WHERE id > {number} ORDER BY id")
    assert session.execute(query) == golden.sql
"""


@pytest.fixture
def many(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    pytester.makeconftest(CONFTEST)
    pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")
    pytester.path.joinpath("fixtures_sql").mkdir()
    pytester.path.joinpath("fixtures_sql", "users.sql").write_text("INSERT INTO users VALUES (1, 'Ada');")
    pytester.makepyfile(test_users=MANY)
    pytester.runpytest_inprocess("--snapshot-update").assert_outcomes(passed=30)
    monkeypatch.setenv("COLUMNS_READ", "id, name")
    return pytester


def test_failing_run_shows_one_test_for_each_cause(many):
    result = many.runpytest_inprocess()
    result.assert_outcomes(failed=30)
    result.stdout.fnmatch_lines(
        ["*golden changes by cause*", "*column*name added", "*30 statements: *, and 29 more", "*29 more failed*"]
    )
    assert len(result.outlines) < 60


def test_failing_run_in_parallel_shows_one_test_for_each_cause(many):
    result = many.runpytest_subprocess("-n", "2")
    result.assert_outcomes(failed=30)
    assert len(result.outlines) < 60


def test_failing_run_shows_every_test_when_asked(many):
    assert sum(line.startswith("____") for line in many.runpytest_inprocess("-v").outlines) == 30


def test_failure_of_another_kind_is_never_hidden(many):
    with many.path.joinpath("test_users.py").open("a") as file:
        file.write("\ndef test_other():\n    assert 1 == 2\n")
    result = many.runpytest_inprocess()
    result.stdout.fnmatch_lines(["*assert 1 == 2*"])
    result.assert_outcomes(failed=31)


def test_other_rows_are_one_cause_only_where_the_numbers_are_the_same():
    second, third = "| agent#2 | Ada |", "| agent#3 | Ada |"
    found = causes([rows(1, row=second), rows(2, row=second), rows(3, row=third)])
    assert [(cause.title, len(cause.members)) for cause in found] == [
        ("cell-changed: agent#1 -> agent#2", 2),
        ("cell-changed: agent#1 -> agent#3", 1),
    ]
