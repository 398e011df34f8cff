"""Transactions of a sql golden: which statements are in one, and which of them are undone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from pytest_query_snapshot.goldens.formats.sql_blocks import StatementBlock

SPLIT = "statements of one transaction are in several: the first may stay without the others"
UNDONE = "a statement that was kept is rolled back, or the other way round"


@dataclass(frozen=True, slots=True)
class Placed:
    """A statement in its transaction: the number of this, and whether a rollback undoes the statement."""

    transaction: int
    is_undone: bool


@dataclass(slots=True)
class _Open:
    """A savepoint, or the transaction itself, and the statements since."""

    name: str
    statements: list[int] = field(default_factory=list)


def placed(blocks: Iterable[StatementBlock]) -> list[Placed]:
    """Place each block; an edge belongs to the transaction that it ends or begins."""
    numbers: list[int] = []
    undone: set[int] = set()
    open_parts = [_Open("")]
    number = 0
    for at, block in enumerate(blocks):
        words = _words(block) if block.is_boundary else []
        if not words:
            open_parts[-1].statements.append(at)
        elif words[0] == "savepoint":
            open_parts.append(_Open(_name(words)))
        elif words[0] == "release":
            _release(open_parts, _name(words))
        elif words[0] == "rollback" and "to" in words:
            undone.update(_undo(open_parts, _name(words)))
        else:
            every = [each for part in open_parts for each in part.statements]
            undone.update(every if words[0] == "rollback" else ())
            open_parts = [_Open("")]
            number += bool(every)  # a begin behind a begin ends nothing
        numbers.append(number)
    return [Placed(number, at in undone) for at, number in enumerate(numbers)]


def _words(block: StatementBlock) -> list[str]:
    return block.sql.lower().split()


def _name(words: list[str]) -> str:
    """Return the name of a savepoint; empty where the golden names none."""
    return "" if words[-1] in {"savepoint", "to", "release"} else words[-1]


def _index(open_parts: list[_Open], name: str) -> int:
    """Return the place of the savepoint that is meant: the newest where it has no name; 0 if there is none."""
    places = (at for at in range(len(open_parts) - 1, 0, -1) if name in {"", open_parts[at].name})
    return next(places, 0)


def _release(open_parts: list[_Open], name: str) -> None:
    at = _index(open_parts, name)
    if at:
        kept = [each for part in open_parts[at:] for each in part.statements]
        del open_parts[at:]
        open_parts[-1].statements += kept


def _undo(open_parts: list[_Open], name: str) -> list[int]:
    at = _index(open_parts, name)
    if not at:
        return []
    undone = [each for part in open_parts[at:] for each in part.statements]
    del open_parts[at:]
    if name:  # it stays until it is released
        open_parts.append(_Open(name))
    return undone


def reason_of_structure(pairs: Iterable[tuple[int, int]], before: list[Placed], after: list[Placed]) -> str:
    """Return why other edges are a risk for the statements that both goldens have, given by their places."""
    found: dict[int, set[int]] = {}
    is_undone = False
    for old, new in pairs:
        found.setdefault(before[old].transaction, set()).add(after[new].transaction)
        is_undone = is_undone or before[old].is_undone != after[new].is_undone
    return UNDONE if is_undone else SPLIT if any(len(each) > 1 for each in found.values()) else ""
