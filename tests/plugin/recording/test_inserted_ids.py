"""The UUIDs of inserted rows are found in every form in which SQLAlchemy inserts them."""

from __future__ import annotations

from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from pytest_query_snapshot.recording.entries import Execution
from pytest_query_snapshot.recording.inserted_ids import inserted_ids
from pytest_query_snapshot.recording.recorder import Recorder
from pytest_query_snapshot.values.id_aliases import IdColumns

FIRST, SECOND = UUID("99999999-0000-4000-8000-000000000000"), UUID("11111111-0000-4000-8000-000000000000")


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "team"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(default="x")


class Part(Base):
    __tablename__ = "part"
    code: Mapped[str] = mapped_column("part_code", sa.String(36), primary_key=True)


TEAM, PART = Team.__table__, Part.__table__
ROWS = [{"id": FIRST}, {"id": SECOND}]


def add(session):
    session.add_all([Team(id=FIRST), Team(id=SECOND)])
    session.flush()


WAYS = {
    "one by one": lambda session: [session.execute(TEAM.insert().values(id=each["id"])) for each in ROWS],
    "many": lambda session: session.execute(TEAM.insert(), ROWS),
    "rows of VALUES": lambda session: session.execute(TEAM.insert().values(ROWS)),
    "many, returning": lambda session: session.execute(TEAM.insert().returning(TEAM.c.name), ROWS).all(),
    "mapped": lambda session: session.execute(sa.insert(Team), ROWS),
    "entities": add,
    "own parameter": lambda session: session.execute(
        TEAM.insert().values(id=sa.bindparam("key"), name="y"), [{"key": each["id"]} for each in ROWS]
    ),
    "own parameter, by column": lambda session: session.execute(
        TEAM.insert().values({TEAM.c.id: sa.bindparam("key")}), [{"key": each["id"]} for each in ROWS]
    ),
}


@pytest.fixture
def session():
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def found(session):
    recorder = Recorder()

    def found(work):
        recorder.install()
        recorder.start()
        try:
            work(session)
            executions = [entry for entry in recorder.entries if isinstance(entry, Execution)]
        finally:
            recorder.stop()
            recorder.uninstall()
        columns = IdColumns(Base.metadata)
        return [each for execution in executions for each in inserted_ids(execution, columns)]

    return found


@pytest.mark.parametrize("way", WAYS)
def test_ids_are_in_the_order_of_their_rows(found, way):
    assert found(WAYS[way]) == [(FIRST, "team"), (SECOND, "team")]


def test_ids_kept_as_text_are_found(found):
    rows = [{"code": str(FIRST)}, {"code": "no id"}, {"code": SECOND.hex}]
    assert found(lambda session: session.execute(sa.insert(Part), rows)) == [(FIRST, "id"), (SECOND, "id")]


def test_other_statements_and_failures_insert_nothing(found, session):
    session.execute(TEAM.insert(), ROWS)

    def work(session):
        session.execute(sa.select(TEAM).where(TEAM.c.id == FIRST))
        session.execute(TEAM.update().where(TEAM.c.id == FIRST).values(name="z"))
        with pytest.raises(sa.exc.IntegrityError):
            session.execute(TEAM.insert().values(id=FIRST))

    assert found(work) == []


def test_every_insert_of_a_with_clause_counts():
    inner = TEAM.insert().values(id=sa.bindparam("of_team")).cte("inner")
    outer = PART.insert().values(part_code=sa.bindparam("of_part")).add_cte(inner)
    given = ({"of_team": FIRST, "of_part": str(SECOND)},)
    compiled = outer.compile()
    execution = Execution(compiled, {}, None, None, str(compiled), given, 1, None, None, 0, None)
    assert [*inserted_ids(execution, IdColumns(Base.metadata))] == [(FIRST, "team"), (SECOND, "id")]
