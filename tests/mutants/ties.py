"""Rows that tie come in the order that suits a statement least.

Where an ORDER BY leaves rows equal, a database may give them in any order, and often gives the one that was meant:
groups are made by sorting, an index is read from its beginning. Here all that a statement leaves open is settled
by its columns, once upwards and once downwards. A total order gives the same rows both times; one that lacks a key
does not, if there are rows that only this key distinguishes.
"""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import CTE, JSON, CompoundSelect, Select, SelectBase, event, literal, literal_column
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ClauseList, Label, Over

NUMBERING = ("row_number", "lag", "lead")  # rank() and sums treat ties alike, unless a frame counts rows

MOST_ROUNDS = 1000


class Ties(StrEnum):
    """Who settles them."""

    DATABASE = "database"
    UPWARDS = "upwards"
    DOWNWARDS = "downwards"


def settled(statement: Select, *, ties: Ties) -> Select:
    """Add every selected column to the ORDER BY, and to that of each window whose rows are counted one by one."""
    for each in _parts(statement):
        if isinstance(each, Select):
            _settle_windows(each, ties=ties)
    columns = enumerate(statement.selected_columns, start=1)
    places = [literal_column(str(place)) for place, each in columns if _has_order(each)]
    return statement.order_by(*(_directed(place, ties) for place in places))


def _parts(whole, *, without: type | tuple[()] = ()):
    """Walk through a statement, and through what it uses several times only once; `without` is not entered."""
    seen, waiting = {}, [whole]
    while waiting:
        each = waiting.pop()
        if id(each) not in seen and not isinstance(each, without):
            seen[id(each)] = each
            yield each
            waiting += each.get_children()


def _settle_windows(select: Select, *, ties: Ties) -> None:
    found = [(each, _windows(each)) for each in select.selected_columns]
    plain = [_unnamed(each) for each, windows in found if not windows and _has_order(each)]
    for window in (each for _, windows in found for each in windows if _counts_rows(each)):
        keys = [] if window.order_by is None else list(window.order_by.clauses)
        window.order_by = ClauseList(*keys, *(_directed(key, ties) for key in plain))


def _windows(column) -> list[Over]:
    return [each for each in _parts(column, without=SelectBase) if isinstance(each, Over)]


def _counts_rows(window: Over) -> bool:
    return getattr(window.element, "name", "") in NUMBERING or window.rows is not None


def _has_order(column) -> bool:
    stored = getattr(column.type, "impl", column.type)  # a TypeDecorator is stored as another type
    return not isinstance(stored, JSON)


def _unnamed(column):
    """Take its label off a column: a window is not ordered by names."""
    return column.element if isinstance(column, Label) else column


def _directed(key, ties: Ties):
    return key.asc() if ties is Ties.UPWARDS else key.desc()


def cut(statement: Select) -> None:
    """Cut what goes round for ever at a number of rows that no world here has, so that its rows can tell.

    SQLite only: PostgreSQL knows no such limit.
    """
    for each in _parts(statement):
        if isinstance(each, CTE) and isinstance(each.element, CompoundSelect) and each.recursive:
            each.element._limit_clause = literal(MOST_ROUNDS)


class Settler:
    """Settles the ties of what sessions execute, while told to; what has no end is always cut."""

    def __init__(self) -> None:
        self.ties = Ties.DATABASE
        event.listen(Session, "do_orm_execute", self._settle)

    def _settle(self, state) -> None:
        if state.is_relationship_load or state.is_column_load or not isinstance(state.statement, Select):
            return
        if state.session.get_bind().dialect.name == "sqlite":
            cut(state.statement)
        if self.ties is not Ties.DATABASE:
            state.statement = settled(state.statement, ties=self.ties)
