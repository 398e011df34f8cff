"""Compare two sql goldens: first which statement became which, then what changed in each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from pytest_query_snapshot.review.changes import Action, Change, Kind
from pytest_query_snapshot.review.classify import TENANT_COLUMNS, classify_statement
from pytest_query_snapshot.review.script import Block, read_script
from pytest_query_snapshot.review.statements import read_statement
from pytest_query_snapshot.review.tokens import PARAMETER, lex, text, tree

_ALIKE = 0.55
"""Statements that share less than this of their words are not one statement changed, but one gone and one come."""
_MOST_PAIRED = 150
"""Beyond this many unmatched statements a side, likeness is not searched for: it costs their product."""


def classify_sql(old: str, new: str, *, tenant_columns: tuple[str, ...] = TENANT_COLUMNS) -> tuple[Change, ...]:
    """Say what changed between two sql goldens."""
    found = tuple(_changes(read_script(old), read_script(new), tenant_columns))
    if found or old == new:
        return found
    return (Change(Kind.FORMAT),)


def _changes(
    before: tuple[Block, ...], after: tuple[Block, ...], tenant_columns: tuple[str, ...]
) -> Iterator[Change]:
    lost: list[Block] = []
    gained: list[Block] = []
    keys = [[_key(block) for block in blocks] for blocks in (before, after)]
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if operation == "equal":
            for old, new in zip(before[i1:i2], after[j1:j2], strict=True):
                yield from _notes(old, new)
        else:
            yield from _alike(list(before[i1:i2]), list(after[j1:j2]), lost, gained, tenant_columns)
    yield from _elsewhere(lost, gained)
    for block in lost:
        yield _alone(block, Action.LOST)
    for block in gained:
        yield _alone(block, Action.ADDED)


def _key(block: Block) -> str:
    return "\x1f".join(":" if token.kind == PARAMETER else token.text for token in lex(block.sql))


def _alike(
    before: list[Block],
    after: list[Block],
    lost: list[Block],
    gained: list[Block],
    tenant_columns: tuple[str, ...],
) -> Iterator[Change]:
    """Pair the statements of one gap that are versions of each other; the others go to ``lost`` and ``gained``."""
    equal = {_key(block) for block in before} & {_key(block) for block in after}
    if len(before) <= _MOST_PAIRED and len(after) <= _MOST_PAIRED:
        scored = sorted(
            (
                (_likeness(old, new), -i, -j)
                for i, old in enumerate(before)
                for j, new in enumerate(after)
                if not {_key(old), _key(new)} & equal
            ),
            reverse=True,
        )
        paired_old: dict[int, int] = {}
        for score, i, j in scored:
            if score >= _ALIKE and -i not in paired_old and -j not in paired_old.values():
                paired_old[-i] = -j
        for i, j in sorted(paired_old.items()):
            yield from classify_statement(before[i].sql, after[j].sql, tenant_columns=tenant_columns)
            yield from _notes(before[i], after[j])
        before = [block for i, block in enumerate(before) if i not in paired_old]
        after = [block for j, block in enumerate(after) if j not in paired_old.values()]
    lost.extend(before)
    gained.extend(after)


def _likeness(old: Block, new: Block) -> float:
    """The share of words that two statements have in common; 0 for those that can't be versions of each other."""
    if old.is_boundary or new.is_boundary:
        return 0.0
    first, second = (Counter(token.text for token in lex(block.sql)) for block in (old, new))
    shared = (first & second).total()
    score = 2 * shared / max(1, first.total() + second.total())
    a, b = read_statement(old.sql), read_statement(new.sql)
    if a.verb != b.verb:
        return score / 2
    return (score + 1) / 2 if set(a.tables) & set(b.tables) else score


def _notes(old: Block, new: Block) -> Iterator[Change]:
    """Compare two equal statements: layout, parameters, repetitions, row counts, errors."""
    where = _short(new)
    before, after = lex(old.sql), lex(new.sql)
    if before != after or old.parameters != new.parameters:
        if _key(old) == _key(new) or old.parameters != new.parameters:
            yield Change(Kind.PARAMETERS, Action.CHANGED, _listed(old), _listed(new), where)
    elif old.sql != new.sql and old.sql.split() != new.sql.split():
        yield Change(Kind.FORMAT, Action.CHANGED, old.sql, new.sql, where)
    if old.step != new.step:
        yield Change(Kind.STEP, Action.CHANGED, old.step, new.step, where)
    if old.times != new.times:
        yield Change(Kind.QUERY_COUNT, Action.CHANGED, f"x {old.times}", f"x {new.times}", where)
    elif old.rows != new.rows:
        yield Change(Kind.ROW_COUNT, Action.CHANGED, old.rows, new.rows, where)
    if old.error != new.error:
        action = Action.ADDED if not old.error else Action.LOST if not new.error else Action.CHANGED
        yield Change(Kind.ERROR, action, old.error, new.error, where)


def _listed(block: Block) -> str:
    names = [token.text for token in lex(block.sql) if token.kind == PARAMETER]
    written = [f"{name} = {value}" for name, value in block.parameters.items()]
    return ", ".join(written or names)


def _elsewhere(lost: list[Block], gained: list[Block]) -> Iterator[Change]:
    """Statements that stand in another place now; both lists lose them."""
    for block in list(lost):
        other = next((new for new in gained if _key(new) == _key(block)), None)
        if other is None or block.is_boundary:
            continue
        lost.remove(block)
        gained.remove(other)
        yield Change(Kind.STATEMENT, Action.MOVED, block.sql, other.sql, _short(other))
        yield from _notes(block, other)


def _alone(block: Block, action: Action) -> Change:
    kind = Kind.TRANSACTION if block.is_boundary else Kind.STATEMENT
    old, new = (block.sql, "") if action is Action.LOST else ("", block.sql)
    return Change(kind, action, old, new)


def _short(block: Block) -> str:
    """Name a statement in a few words: its verb and its tables."""
    statement = read_statement(block.sql)
    if not statement.tables:
        return text(tree(lex(block.sql)))[:60]
    return f"{statement.verb} {', '.join(dict.fromkeys(statement.tables))}"
