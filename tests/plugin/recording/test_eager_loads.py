"""The order of eager loads in a recording."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    mapped_column,
    relationship,
    selectinload,
    subqueryload,
)

from pytest_query_snapshot.recording.eager_loads import in_settled_order, relationship_path
from pytest_query_snapshot.recording.entries import Execution, TransactionEvent, Transition
from pytest_query_snapshot.recording.recorder import Recorder


class Base(DeclarativeBase):
    pass


class Shop(Base):
    __tablename__ = "shop"
    id: Mapped[int] = mapped_column(primary_key=True)
    tags: Mapped[list[Tag]] = relationship()
    books: Mapped[list[Book]] = relationship()


class Tag(Base):
    __tablename__ = "tag"
    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(sa.ForeignKey("shop.id"))
    notes: Mapped[list[Note]] = relationship()


class Book(Base):
    __tablename__ = "book"
    id: Mapped[int] = mapped_column(primary_key=True)
    shop_id: Mapped[int] = mapped_column(sa.ForeignKey("shop.id"))


class Note(Base):
    __tablename__ = "note"
    id: Mapped[int] = mapped_column(primary_key=True)
    tag_id: Mapped[int] = mapped_column(sa.ForeignKey("tag.id"))


@pytest.fixture
def engine():
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine) as session:
        session.add(Shop(id=1, tags=[Tag(id=1, notes=[Note(id=1)])], books=[Book(id=1)]))
        session.commit()
    yield engine
    engine.dispose()


def recorded(engine, *options):
    recorder = Recorder()
    recorder.start()
    with Session(engine) as session:
        shop = session.scalars(sa.select(Shop).options(*options)).one()
        _ = (shop.tags[0].notes, shop.books)
    entries = [entry for entry in recorder.entries if isinstance(entry, Execution)]
    recorder.uninstall()
    return entries


def paths(entries):
    return [relationship_path(entry) for entry in entries]


EAGER = [(), ("Shop.books",), ("Shop.tags",), ("Shop.tags", "Tag.notes")]


@pytest.mark.parametrize("load", [selectinload, subqueryload])
def test_eager_loads_in_any_order_give_one_recording(engine, load):
    first, *loads = recorded(engine, load(Shop.tags).options(load(Tag.notes)), load(Shop.books))
    assert len(loads) == 3
    for order in itertools.permutations(loads):
        assert paths(in_settled_order([first, *order])) == EAGER


def test_lazy_loads_stay_in_the_order_of_the_code(engine):
    entries = recorded(engine)
    assert paths(entries) == [()] * 4
    assert list(in_settled_order(entries[::-1])) == entries[::-1]


def test_loads_of_two_parents_are_not_mixed(engine):
    first = recorded(engine, selectinload(Shop.tags))[:2]
    second = recorded(engine, selectinload(Shop.books))[:2]
    assert paths(in_settled_order([*first, *second])) == [(), ("Shop.tags",), (), ("Shop.books",)]


def test_a_transition_ends_a_run(engine):
    tags, books = recorded(engine, selectinload(Shop.tags), selectinload(Shop.books))[1:3]
    transition = Transition(TransactionEvent("COMMIT"), engine)
    later, earlier = sorted((tags, books), key=relationship_path, reverse=True)
    assert list(in_settled_order([later, transition, earlier])) == [later, transition, earlier]
    assert list(in_settled_order([later, earlier])) == [earlier, later]


def test_batches_of_one_relationship_stay_in_order(engine):
    tags = recorded(engine, selectinload(Shop.tags))[1]
    batches = [tags._replace(row_count=number) for number in (3, 1, 2)]
    assert list(in_settled_order(batches)) == batches
