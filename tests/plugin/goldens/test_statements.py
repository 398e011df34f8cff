"""From what is executed to the text of a sql golden: every layer, every form, values folded, meaning kept."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import sqlparse
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from pytest_query_snapshot.goldens.formats import sql
from pytest_query_snapshot.recording.recorder import Recorder
from pytest_query_snapshot.recording.statements import RecordingReader
from pytest_query_snapshot.sql.format import format_sql
from pytest_query_snapshot.sql.format_cache import FormattedSqlCache
from pytest_query_snapshot.sql.lexer import canonical, scan
from pytest_query_snapshot.sql.normalize import name_placeholders
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    facts: Mapped[dict[str, int]] = mapped_column(sa.JSON, default=dict)
    runs: Mapped[list[Run]] = relationship(order_by="Run.id")


class Run(Base):
    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(sa.ForeignKey("team.id"))


@pytest.fixture
def engine():
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def recorded(engine):
    """Give a function that writes what was recorded so far, and forgets it."""
    recorder = Recorder()
    recorder.start()
    reader = RecordingReader(IdColumns(Base.metadata), masks=Masks())

    def text():
        found = sql.render(reader.read(recorder.entries), IdAliases(IdAliases()), layout=format_sql)
        recorder.entries.clear()
        return found

    text.recorder = recorder
    yield text
    recorder.uninstall()


def test_a_flush_is_one_block_and_its_ids_keep_their_relations(engine, recorded):
    with Session(engine) as session:
        session.add(Team(name="a", runs=[Run(), Run(), Run()]))
        session.flush()
        assert recorded() == (
            "INSERT INTO team (name, facts)\n"
            "VALUES (:name, :facts);\n"
            "-- 1 row\n"
            "-- :name = 'a'\n"
            "-- :facts = {}\n\n"
            "INSERT INTO run (team_id)\n"
            "VALUES (:team_id) RETURNING id;\n"
            "-- x 3: 3 rows\n"
            "-- :team_id = team#s1\n"
        )


def test_lazy_loads_fold_to_a_count_and_know_their_line(engine, recorded):
    with Session(engine) as session:
        session.add_all([Team(name=name, runs=[Run()]) for name in "abc"])
        session.flush()
        session.expire_all()
        teams = session.scalars(sa.select(Team).order_by(Team.name)).all()
        recorded()
        for team in teams:
            assert team.runs
        call_sites = {entry.where.rpartition(":")[0] for entry in recorded.recorder.entries}
        text = recorded()
    assert call_sites == {__file__}
    assert "-- x 3\n-- :param_1 = team#s1, team#s2, team#s3\n" in text
    assert text.count("SELECT") == 1


def test_lists_and_rows_of_values_fold_to_counts(engine, recorded):
    with engine.connect() as connection:
        connection.execute(sa.select(Team.name).where(Team.name.in_(("a", "b", "c")), Team.id == 3))
        connection.execute(sa.insert(Team).values([{"name": "a"}, {"name": "b"}, {"name": "c"}]))
    text = recorded()
    assert "WHERE team.name IN (... 3)\n    AND team.id = :id_1;\n" in text
    assert "-- :name_1 = ('a', 'b', 'c')\n  -- :id_1 = team#s1\n" in text
    assert "VALUES (:name_m0, :facts),\n         (... 2);\n" in text
    assert text.endswith("-- :name_m0 = 'a', 'b', 'c'\n  -- :facts = {}\n\nROLLBACK;\n")


@pytest.mark.parametrize(
    ("members", "shown"),
    [
        ("%(s_1_1)s, %(s_1_2)s", "... 2"),
        ("%(s_1_1)s::VARCHAR, %(s_1_2)s::VARCHAR", "... 2::VARCHAR"),
        ("%(s_1_1)s::NUMERIC(10, 2), %(s_1_2)s::NUMERIC(10, 2)", "... 2::NUMERIC(10, 2)"),
        ("%(s_1_1)s::TIMESTAMP WITHOUT TIME ZONE", "... 1::TIMESTAMP WITHOUT TIME ZONE"),
        ("%(s_1_1)s::INTEGER[]", "... 1::INTEGER[]"),
        ("%(s_1_1)s, %(s_1_2)s::INTEGER", ":s_1_1, :s_1_2::INTEGER"),
        ("%(s_1_1)s::INTEGER + 1", ":s_1_1::INTEGER + 1"),
        ("%(s_1_1)s::INTEGER + %(s_1_2)s", ":s_1_1::INTEGER + :s_1_2"),
        ("lower(%(s_1_1)s), lower(%(s_1_2)s)", "lower(:s_1_1), lower(:s_1_2)"),
    ],
)
def test_lists_fold_with_the_cast_they_share_and_with_nothing_else(members, shown):
    folded = tuple((name, "s_1") for name in ("s_1_1", "s_1_2") if name in members)
    named = name_placeholders(f"SELECT 1 WHERE x IN ({members})", names=(), folded=folded)
    # whether folded or not, the list has its values
    assert named == (f"SELECT 1 WHERE x IN ({shown})", ("s_1",))


def test_names_that_are_no_element_of_a_list_stay():
    named = name_placeholders("SELECT 1 WHERE x IN (%(a)s, %(b)s)", names=())
    assert named == ("SELECT 1 WHERE x IN (:a, :b)", ("a", "b"))


@pytest.mark.parametrize(
    ("sql_text", "named"),
    [
        ("SELECT 'a%%' LIKE %(x)s", "SELECT 'a%' LIKE :x"),
        ("SELECT 7 %% 2", "SELECT 7 % 2"),
        ('SELECT "a%%b", ? -- %(', 'SELECT "a%b", :n -- %('),
    ],
)
def test_doubled_percent_signs_are_the_drivers(sql_text, named):
    assert name_placeholders(sql_text, names=("n",)).sql == named


def test_only_the_drivers_own_percent_signs_are_doubled():
    assert name_placeholders("SELECT 7 %% 2", names=None).sql == "SELECT 7 %% 2"


def test_text_after_a_line_comment_stays_outside_it():
    named = name_placeholders("SELECT 1  -- one\n  FROM   t /* two */\n WHERE x", names=None)
    assert named.sql == "SELECT 1 -- one\nFROM t /* two */ WHERE x"


def test_a_join_compares_two_columns_and_no_parameter(engine, recorded):
    with engine.connect() as connection:
        connection.execute(sa.select(Run.id).join(Team, Run.team_id == Team.id).where(Team.id.in_((1, 2))))
    assert "-- :id_1 = (team#s1, team#s2)\n" in recorded()


def test_lists_of_pairs_have_their_values(engine, recorded):
    with engine.connect() as connection:
        connection.execute(sa.select(Run.id).where(sa.tuple_(Run.id, Run.team_id).in_([(1, 2), (3, 4)])))
    assert "-- :param_1 = (1, 2, 3, 4)\n" in recorded()


def test_the_transaction_tree_shows(engine, recorded):
    with engine.begin() as connection:
        connection.execute(sa.insert(Team).values(name="a"))
        savepoint = connection.begin_nested()
        with pytest.raises(sa.exc.IntegrityError):
            connection.execute(sa.insert(Team).values(name="a"))
        savepoint.rollback()
    text = recorded()
    lines = [line for line in text.splitlines() if line.endswith(";") and "VALUES" not in line]
    assert lines == ["BEGIN;", "  SAVEPOINT;", "  ROLLBACK TO SAVEPOINT;", "COMMIT;"]
    assert "    -- error: IntegrityError: UNIQUE constraint failed: team.name\n" in text


def test_a_read_does_not_mention_its_transaction(engine, recorded):
    with engine.connect() as connection:
        connection.execute(sa.select(Team.id))
        assert recorded() == "SELECT team.id\nFROM team;\n"


def test_the_drivers_own_statements_are_taken_as_they_are(engine, recorded):
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE team SET name = ? WHERE id IN (?, ?)", ("x", 1, 2))
        connection.exec_driver_sql("DELETE FROM team WHERE id = ?", [(1,), (2,)])
    assert "-- 1 = 'x'\n  -- 2 = 1\n  -- 3 = 2\n" in (text := recorded())
    assert "-- x 2: 0 rows\n  -- 1 = 1, 2\n" in text


def test_parameters_are_kept_as_they_were(engine, recorded):
    facts = {"a": 1}
    with engine.connect() as connection:
        connection.execute(sa.insert(Team).values(name="a", facts=facts))
        facts["a"] = 2
        assert '-- :facts = {"a": 1}' in recorded()


def test_paused_recording_records_nothing(engine, recorded):
    with engine.connect() as connection, recorded.recorder.paused():
        connection.execute(sa.select(Team.id))
    assert "SELECT" not in recorded()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT a FROM t WHERE x = 1",
        "SELECT a FROM t, u",
        "SELECT a, b FROM t",
        "SELECT f(a, b) FROM t",
        "SELECT a FROM t LIMIT 5",
        "SELECT a FROM t ORDER BY b",
        "SELECT a FROM t JOIN u ON t.x = u.x",
        "SELECT a FROM t LEFT JOIN u ON t.x = u.x",
        "SELECT a FROM t WHERE x IN ('a', 'b')",
        "SELECT a FROM t WHERE x IN ('a', 'c')",
        "SELECT a FROM t WHERE x = 'A'",
        "SELECT A FROM t",
        "UPDATE t SET a = 1",
        "UPDATE t SET a = 1, b = 2",
        "INSERT INTO t VALUES (1, now())",
        "INSERT INTO t VALUES (now(), 1)",
        "SELECT 'a  b'",
        "SELECT 'a b'",
        "SELECT a -- why\nFROM t",
    ],
)
def test_meaning_is_never_folded(statement):
    others = [each for each in _statements() if each != statement]
    assert canonical(name_placeholders(statement, names=None).sql) not in {
        canonical(name_placeholders(other, names=None).sql) for other in others
    }


def _statements():
    (mark,) = test_meaning_is_never_folded.pytestmark
    return mark.args[1]


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("SELECT a,b FROM t", "SELECT a,\n       b\nFROM t"),
        ("SELECT a  FROM t -- x  ", "SELECT a FROM t -- x"),
        ("f(a , b)", "f(a,b)"),
    ],
)
def test_white_space_says_nothing(left, right):
    assert canonical(left) == canonical(right)


@pytest.mark.parametrize(
    "sql_text",
    [
        "",
        "'unclosed",
        "/* unclosed",
        "$tag$ unclosed",
        "SELECT 'C:\\', E'a\\'b', $$ ; $$, \"be\"\"gin\", '{\"a\":1}', ':name', '50%'",
        "SELECT a ? 'b', c::text, d->>'e' FROM t WHERE x @> '{}'",
        "SELECT " + "(" * 300 + "1" + ")" * 300,
        "INSERT INTO t VALUES " + ", ".join(["(1, 2, 3)"] * 3000),
        "CREATE TRIGGER x AFTER INSERT ON t BEGIN UPDATE u SET begin = 1; END",
        "\x00\ud800",
    ],
    ids=lambda text: text[:20] or "empty",
)
def test_no_statement_is_too_odd(sql_text):
    laid_out = format_sql(sql_text)
    assert canonical(laid_out) == canonical(sql_text)
    assert format_sql(laid_out) == laid_out


@given(st.text(alphabet="abIN ()'\"-/*$?:;,\n\\%1.", max_size=60))
def test_tokens_are_the_whole_text_and_layout_keeps_them(text):
    assert "".join(token for _, token in scan(text)) == text
    named = name_placeholders(text, names=None).sql
    assert canonical(format_sql(named)) == canonical(named)


def test_a_formatter_that_changes_its_mind_fails_no_suite(suite, monkeypatch):
    before = suite.goldens()
    formatted = sqlparse.format

    def other(text, **_options):
        return formatted(text, reindent=True, indent_width=7, comma_first=True)

    monkeypatch.setattr(sqlparse, "format", other)
    for cached in (suite.path / ".query_snapshot").rglob("*.sql"):
        cached.unlink()
    suite.run("--snapshot-update").assert_outcomes(passed=10)
    assert suite.goldens() == before


@pytest.mark.parametrize("answer", [RuntimeError("too deep"), "SELECT something_else", ""])
def test_a_formatter_that_fails_or_lies_leaves_the_statement_as_it_is(monkeypatch, answer):
    def broken(*_args, **_options):
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(sqlparse, "format", broken)
    assert format_sql("SELECT a FROM t") == "SELECT a FROM t"


def test_statement_is_formatted_once_for_any_number_of_runs(tmp_path, monkeypatch):
    calls = []
    formatted = sqlparse.format
    monkeypatch.setattr(
        sqlparse, "format", lambda text, **options: calls.append(text) or formatted(text, **options)
    )
    texts = {FormattedSqlCache(tmp_path / ".query_snapshot" / "layouts")("SELECT a, b FROM t") for _ in range(3)}
    assert texts == {"SELECT a,\n       b\nFROM t"}
    assert len(calls) == 1


def test_damaged_or_read_only_cache_is_not_a_failure(tmp_path):
    folder = tmp_path / ".query_snapshot" / "layouts"
    text = FormattedSqlCache(folder)("SELECT a, b FROM t")
    for cached in folder.iterdir():
        cached.write_bytes(b"\xff rubbish")
    assert FormattedSqlCache(folder)("SELECT a, b FROM t") == text
    (tmp_path / "file").write_text("")
    assert FormattedSqlCache(tmp_path / "file" / "layouts")("SELECT a, b FROM t") == text
