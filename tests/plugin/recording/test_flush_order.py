"""The order of the statements of a flush whose tables refer to themselves."""

from __future__ import annotations

import itertools

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

from pytest_query_snapshot.recording.entries import Execution
from pytest_query_snapshot.recording.flush_order import flushed_table, with_settled_flushes
from pytest_query_snapshot.recording.recorder import Recorder


class Base(DeclarativeBase):
    pass


class Node(Base):
    __tablename__ = "node"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(sa.ForeignKey("node.id"))
    parent: Mapped[Node | None] = relationship(remote_side="Node.id")


class Leaf(Base):
    __tablename__ = "leaf"
    id: Mapped[int] = mapped_column(primary_key=True)
    node_id: Mapped[int] = mapped_column(sa.ForeignKey("node.id"))
    node: Mapped[Node] = relationship()


class Zebra(Base):
    __tablename__ = "zebra"
    id: Mapped[int] = mapped_column(primary_key=True)


class Ape(Base):
    __tablename__ = "ape"
    id: Mapped[int] = mapped_column(primary_key=True)


def recorded(*flushes):
    """Return the recorded statements of a session that flushes each of these lists of objects."""
    engine = sa.create_engine("sqlite://")
    Base.metadata.create_all(engine)
    recorder = Recorder()
    recorder.start()
    with Session(engine) as session:
        for objects in flushes:
            session.add_all(objects())
            session.flush()
    entries = [
        entry for entry in recorder.entries if isinstance(entry, Execution) and flushed_table(entry) is not None
    ]
    recorder.uninstall()
    engine.dispose()
    return entries


def tables(entries):
    return [flushed_table(entry).name for entry in entries]


def with_a_cycle():
    root = Node()
    child = Node(parent=root)
    return [Zebra(), Leaf(node=child), child, Ape(), root]


def orders(entries):
    """Return every order of the statements in which rows of one table, and those of a foreign key, keep theirs."""
    related = {("node", "node"), ("node", "leaf"), ("leaf", "node")}
    kept = [
        (one, other)
        for one, other in itertools.combinations(entries, 2)
        if (flushed_table(one).name, flushed_table(other).name) in related
    ]
    return [
        order
        for order in map(list, itertools.permutations(entries))
        if all(order.index(one) < order.index(other) for one, other in kept)
    ]


def test_independent_tables_of_a_flush_in_any_order_give_one_recording():
    entries = recorded(with_a_cycle)
    every = orders(entries)
    assert len(every) > 10
    assert {tuple(tables(with_settled_flushes(order))) for order in every} == {
        ("ape", "node", "node", "leaf", "zebra")
    }


def test_rows_that_refer_to_one_another_stay_in_order():
    entries = recorded(with_a_cycle)
    nodes = [entry for entry in with_settled_flushes(entries) if flushed_table(entry).name in {"node", "leaf"}]
    assert nodes == [entry for entry in entries if flushed_table(entry).name in {"node", "leaf"}]


def test_flush_without_a_cycle_keeps_its_order():
    entries = recorded(lambda: [Zebra(), Ape()])
    assert list(with_settled_flushes(entries[::-1])) == entries[::-1]


@pytest.mark.parametrize("at", [0, 1])
def test_another_line_is_another_flush(at):
    entries = recorded(with_a_cycle)
    moved = [entry._replace(line=entry.line + 1) if place <= at else entry for place, entry in enumerate(entries)]
    assert set(tables([*with_settled_flushes(moved)][: at + 1])) == set(tables(moved[: at + 1]))
