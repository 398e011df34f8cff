"""The changes between two sql goldens: first which statement became which, then what changed in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TypeAlias

from pytest_query_snapshot.goldens.formats.parameter_numbers import ParameterNumbers
from pytest_query_snapshot.goldens.formats.sql_blocks import StatementBlock, read_script
from pytest_query_snapshot.goldens.formats.sql_losses import (
    reason_of_move,
    reason_of_removal,
    with_effects,
)
from pytest_query_snapshot.goldens.formats.transaction_structure import placed, reason_of_structure
from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.bound_parameters import with_values
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.statements import Values, classify_statement
from pytest_query_snapshot.sql.facts.fact import Statement as FactsOfStatement
from pytest_query_snapshot.sql.facts.statement_facts import read_statement
from pytest_query_snapshot.sql.text_cache import cached_by_text, forget_long_texts
from pytest_query_snapshot.sql.word_tree import PARAMETER, Token, lex, text, tree

_MIN_SIMILARITY = 0.55
"""Statements that share less than this of their words are not one statement changed, but one gone and one come."""
_MAX_READ = 2_000_000
"""Beyond this many characters goldens are not read: it would take seconds for each, and minutes for a few."""
_MAX_PAIRED = 150
"""Beyond this many unmatched statements a side, likeness is not searched for: it costs their product."""


@dataclass(frozen=True, slots=True)
class _Reading:
    """The comparison of the statements of two goldens."""

    tenant_columns: tuple[str, ...]
    dialect: str

    def lex(self, block: StatementBlock) -> tuple[Token, ...]:
        return lex(block.sql, self.dialect)

    def key(self, block: StatementBlock) -> str:
        return _key(block.sql, dialect=self.dialect)

    def facts(self, block: StatementBlock) -> FactsOfStatement:
        return read_statement(block.sql, dialect=self.dialect)

    def reason_of_removal(self, block: StatementBlock) -> str:
        return reason_of_removal(block.sql, self.facts(block), dialect=self.dialect)

    def classify(self, old: str, new: str, *, values: Values = ({}, {})) -> tuple[Change, ...]:
        """Return what changed from one statement to another; what it calls counts where it is run for that."""
        dialect = self.dialect
        found = classify_statement(old, new, tenant_columns=self.tenant_columns, values=values, dialect=dialect)
        return tuple(with_effects(found, old, read_statement(old, dialect=dialect), dialect=dialect))

    def has_effect(self, block: StatementBlock) -> bool:
        return block.is_boundary or bool(self.reason_of_removal(block))


@cached_by_text(maxsize=4096)
def _key(sql: str, *, dialect: str) -> str:
    return "\x1f".join(":" if token.kind == PARAMETER else token.text for token in lex(sql, dialect))


def classify_sql(
    old: str,
    new: str,
    *,
    tenant_columns: tuple[str, ...] = TENANT_COLUMNS,
    dialect: str = "",
) -> tuple[Change, ...]:
    """Return what changed between two sql goldens, or between two statements: each with its kind and its `risk`.

    `dialect` is the SQLAlchemy name of the database, where it is known.
    """
    if len(old) + len(new) > _MAX_READ and old != new:
        return (Change(Kind.UNEXPLAINED, why_risky="the statements are too long to be read: compare the files"),)
    names = ParameterNumbers(old, new)
    try:
        found = _classify(names.ranked(old), names.ranked(new), _Reading(tenant_columns, dialect))
    finally:
        forget_long_texts()
    return tuple(names.restored(change) for change in found)


@lru_cache(maxsize=1024)  # one edit of a function that many tests call
def _classify(old: str, new: str, reading: _Reading) -> tuple[Change, ...]:
    before, after = (read_script(golden.removeprefix("\ufeff"), dialect=reading.dialect) for golden in (old, new))
    found = tuple(_changes(before, after, reading))
    if found or old == new:
        return found
    return (Change(Kind.FORMAT),)


def _changes(
    before: tuple[StatementBlock, ...], after: tuple[StatementBlock, ...], reading: _Reading
) -> Iterator[Change]:
    lost: list[StatementBlock] = []
    gained: list[StatementBlock] = []
    pairs: list[_Pair] = []
    keys = [[reading.key(block) for block in blocks] for blocks in (before, after)]
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if operation == "equal":
            pairs.extend(zip(before[i1:i2], after[j1:j2], strict=True))
        else:
            found = _similar(before[i1:i2], after[j1:j2], reading)
            pairs.extend(found)
            lost.extend(_unpaired(before[i1:i2], [old for old, _ in found]))
            gained.extend(_unpaired(after[j1:j2], [new for _, new in found]))
    for old, new in pairs:
        yield from _pair_changes(old, new, reading)
    yield from _moved_statements(lost, gained, reading, order=(before, after), pairs=pairs)
    for block in lost:
        yield _unmatched(block, Action.REMOVED, reading)
    edges = [block for block in (*lost, *gained) if block.is_boundary]
    why = (
        _reason_of_edges(before, after, [*pairs, *_elsewhere(lost, gained, pairs, reading)], reading)
        if edges
        else ""
    )
    for block in gained:
        change = _unmatched(block, Action.ADDED, reading)
        yield replace(change, why_risky=why) if block.is_boundary else change


_Pair: TypeAlias = tuple[StatementBlock, StatementBlock]


def _unpaired(blocks: Sequence[StatementBlock], paired: list[StatementBlock]) -> list[StatementBlock]:
    """Leave out the blocks that are paired; equal ones differ by their place."""
    known = set(map(id, paired))
    return [block for block in blocks if id(block) not in known]


def _elsewhere(
    lost: list[StatementBlock], gained: list[StatementBlock], pairs: list[_Pair], reading: _Reading
) -> list[_Pair]:
    """Pair statements behind other edges: those that changed, and repetitions that became several statements."""
    fewer = {reading.key(new): old for old, new in pairs if new.times < old.times}
    again = [(fewer[key], block) for block in gained if (key := reading.key(block)) in fewer]
    return [*again, *_similar(lost, gained, reading)]


def _reason_of_edges(
    before: Sequence[StatementBlock], after: Sequence[StatementBlock], pairs: list[_Pair], reading: _Reading
) -> str:
    """Return why the edges of transactions are a risk for what both goldens write, lock or set."""
    places = [{id(block): at for at, block in enumerate(blocks)} for blocks in (before, after)]
    work = [
        (places[0][id(old)], places[1][id(new)])
        for old, new in pairs
        if not old.is_boundary and (reading.has_effect(old) or reading.has_effect(new))
    ]
    return reason_of_structure(work, placed(before), placed(after))


def _similar(before: Sequence[StatementBlock], after: Sequence[StatementBlock], reading: _Reading) -> list[_Pair]:
    """Pair the statements that are versions of each other, in the order of the first ones."""
    if len(before) > _MAX_PAIRED or len(after) > _MAX_PAIRED:
        return []
    equal = {reading.key(block) for block in before} & {reading.key(block) for block in after}
    scored = sorted(
        (
            (_similarity(old, new, reading), -i, -j)
            for i, old in enumerate(before)
            for j, new in enumerate(after)
            if not {reading.key(old), reading.key(new)} & equal
        ),
        reverse=True,
    )
    # one statement in the place of one is read as a change of it, even if they share nothing
    least = 0.1 if len(before) == len(after) == 1 else _MIN_SIMILARITY
    found: dict[int, int] = {}
    for score, i, j in scored:
        if score >= least and -i not in found and -j not in found.values():
            found[-i] = -j
    return [(before[i], after[j]) for i, j in sorted(found.items())]


def _similarity(old: StatementBlock, new: StatementBlock, reading: _Reading) -> float:
    """Return the share of words that two statements have in common; 0 if they can't be versions of each other."""
    if old.is_boundary or new.is_boundary:
        return 0.0
    first, second = (Counter(token.text for token in reading.lex(block)) for block in (old, new))
    shared = (first & second).total()
    score = 2 * shared / max(1, first.total() + second.total())
    a, b = reading.facts(old), reading.facts(new)
    if a.verb != b.verb:
        return score / 2
    return (score + 1) / 2 if set(a.tables) & set(b.tables) else score


def _pair_changes(old: StatementBlock, new: StatementBlock, reading: _Reading) -> Iterator[Change]:
    """Compare two versions of a statement: what it says, parameters, repetitions, row counts, errors."""
    if old == new:
        return
    where = _short(new, reading)
    found: tuple[Change, ...] = ()
    if old.sql.split() != new.sql.split() or reading.lex(old) != reading.lex(new):
        found = reading.classify(old.sql, new.sql, values=(old.parameters, new.parameters))
        yield from (change for change in found if change.kind is not Kind.PARAMETERS)
    if any(change.kind is Kind.PARAMETERS for change in found) or old.parameters != new.parameters:
        by_value = _weakened_by_values(old, new, reading, known={change.label for change in found})
        yield from by_value
        shown = (_parameter_list(old, reading), _parameter_list(new, reading))
        same = _has_equal_values(old, new, reading)
        yield Change(Kind.PARAMETERS if same else Kind.PARAMETER_VALUES, Action.CHANGED, *shown, where)
    yield from _notes(old, new, where)


def _weakened_by_values(
    old: StatementBlock, new: StatementBlock, reading: _Reading, *, known: set[str]
) -> tuple[Change, ...]:
    """List the risks that only show with the values: a limit raised, a bound moved, another tenant."""
    if _has_equal_values(old, new, reading):
        return ()
    before, after = (with_values(block.sql, block.parameters, dialect=reading.dialect) for block in (old, new))
    return tuple(change for change in reading.classify(before, after) if change.risk and change.label not in known)


def _parameters(block: StatementBlock, reading: _Reading) -> list[str]:
    return [token.text for token in reading.lex(block) if token.kind == PARAMETER]


def _has_equal_values(old: StatementBlock, new: StatementBlock, reading: _Reading) -> bool:
    """Return whether parameters that both statements have got the same values."""
    before, after = _values(old, reading), _values(new, reading)
    if len(before) == len(after):
        return before == after
    return all(new.parameters.get(name, value) == value for name, value in old.parameters.items())


def _values(block: StatementBlock, reading: _Reading) -> list[str]:
    """List the values of a statement in the order of its text; a name stands for a value that is not shown."""
    known = {name.lstrip(":"): value for name, value in block.parameters.items()}
    return [known.get(name.lstrip(":"), name) for name in _parameters(block, reading)]


def _notes(old: StatementBlock, new: StatementBlock, where: str) -> Iterator[Change]:
    if old.step != new.step:
        yield Change(Kind.STEP, Action.CHANGED, old.step, new.step, where)
    if old.times != new.times:
        yield Change(Kind.QUERY_COUNT, Action.CHANGED, f"x {old.times}", f"x {new.times}", where)
    elif old.rows != new.rows:
        yield Change(Kind.ROW_COUNT, Action.CHANGED, old.rows, new.rows, where)
    if old.error != new.error:
        action = Action.ADDED if not old.error else Action.REMOVED if not new.error else Action.CHANGED
        yield Change(Kind.ERROR, action, old.error, new.error, where)


def _parameter_list(block: StatementBlock, reading: _Reading) -> str:
    names = _parameters(block, reading)
    written = [f"{name} = {value}" for name, value in block.parameters.items()]
    return ", ".join(written or names)


def _moved_statements(
    lost: list[StatementBlock],
    gained: list[StatementBlock],
    reading: _Reading,
    *,
    order: tuple[tuple[StatementBlock, ...], tuple[StatementBlock, ...]],
    pairs: list[_Pair],
) -> Iterator[Change]:
    """Pair the statements that stand in another place now; both lists lose them."""
    effects: list[list[str]] | None = None
    for block in list(lost):
        other = next((new for new in gained if reading.key(new) == reading.key(block)), None)
        if other is None or block.is_boundary:
            continue
        lost[:], gained[:] = _unpaired(lost, [block]), _unpaired(gained, [other])
        pairs.append((block, other))
        effects = effects or [[reading.key(each) for each in side if reading.has_effect(each)] for side in order]
        why = reason_of_move(reading.key(block), *effects)
        yield Change(Kind.STATEMENT, Action.MOVED, block.sql, other.sql, _short(other, reading), why)
        yield from _pair_changes(block, other, reading)


def _unmatched(block: StatementBlock, action: Action, reading: _Reading) -> Change:
    if action is Action.ADDED:
        return Change(Kind.TRANSACTION if block.is_boundary else Kind.STATEMENT, action, new=block.sql)
    if block.is_boundary:
        return Change(Kind.TRANSACTION, action, block.sql)
    return Change(Kind.STATEMENT, action, block.sql, why_risky=reading.reason_of_removal(block))


def _short(block: StatementBlock, reading: _Reading) -> str:
    """Name a statement in a few words: its verb and its tables."""
    statement = reading.facts(block)
    if not statement.tables:
        return text(tree(reading.lex(block)))[:60]
    return f"{statement.verb} {', '.join(dict.fromkeys(statement.tables))}"
