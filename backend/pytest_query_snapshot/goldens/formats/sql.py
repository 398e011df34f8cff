"""Statements as the text of a sql golden: in order, with parameters, row counts and the transaction tree.

Read a sql golden: its statements, each with how often it ran, what came of it, and its parameters.
Compare two sql goldens: first which statement became which, then what changed in each.
"""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.recording.entries import Boundary, StepMark
from pytest_query_snapshot.recording.statements import (
    Elements,
    Recorded,
    Several,
    Statement,
)
from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.bound_parameters import with_values
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind
from pytest_query_snapshot.sql.diff.statements import classify_statement
from pytest_query_snapshot.sql.facts.fact import Statement as FactsOfStatement
from pytest_query_snapshot.sql.facts.statement_facts import read_statement
from pytest_query_snapshot.sql.lexer import canonical, scan
from pytest_query_snapshot.sql.word_tree import (
    PARAMETER,
    Token,
    lex,
    text,
    tree,
)
from pytest_query_snapshot.values.id_aliases import kind_from_name
from pytest_query_snapshot.values.printing.printer import Printer, escape

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pytest_query_snapshot.values.id_aliases import IdAliases


_MOST_VALUES = 20


@dataclass(frozen=True, slots=True)
class StatementGroup:
    """Executions of the same statement that follow each other."""

    statements: tuple[Statement, ...]


def group_statements(recorded: Iterable[Recorded]) -> list[StatementGroup | Boundary | StepMark]:
    """Put together what was executed several times in a row."""
    found: list[StatementGroup | Boundary | StepMark] = []
    pending: list[Statement] = []
    key: tuple[str, ...] = ()
    for entry in recorded:
        if isinstance(entry, Statement):
            entry_key = (entry.error or "", *canonical(entry.sql))
            if pending and entry_key == key:
                pending.append(entry)
                continue
        if pending:
            found.append(StatementGroup(tuple(pending)))
            pending = []
        if isinstance(entry, Statement):
            pending, key = [entry], entry_key
        else:
            found.append(entry)
    if pending:
        found.append(StatementGroup(tuple(pending)))
    return found


def render(
    recorded: Sequence[Recorded], identities: IdAliases, *, layout: Callable[[str], str] | None = None
) -> str:
    """Write a recording as the text of a sql golden; without `layout`, with the same tokens but unformatted."""
    printer = Printer(identities)
    parts: list[str] = []
    depth = 0
    for entry in group_statements(_without_lone_begin(recorded)):
        if isinstance(entry, Boundary):
            depth -= entry.word in _CLOSES and depth > 0
            part = f"{entry.word};"
        elif isinstance(entry, StepMark):
            part = f"-- step: {escape(entry.name)}"
        else:
            part = _block(entry, printer, layout)
        parts.append(_indent(part, depth) if layout is not None and depth else part)
        if isinstance(entry, Boundary):
            depth += entry.word in _OPENS
    return "\n\n".join(parts or ["-- no statements"]) + "\n"


_OPENS = ("BEGIN", "SAVEPOINT")
_CLOSES = ("COMMIT", "ROLLBACK", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def _without_lone_begin(recorded: Sequence[Recorded]) -> list[Recorded]:
    """Leave out a transaction that only began: it says nothing that the statements do not say."""
    boundaries = [entry for entry in recorded if isinstance(entry, Boundary)]
    if len(boundaries) == 1 and boundaries[0].word == "BEGIN":
        return [entry for entry in recorded if entry is not boundaries[0]]
    return list(recorded)


def _indent(text: str, depth: int) -> str:
    if "'" in text and "\n" in text and _has_multiline_literal(text):
        return text
    margin = "  " * depth
    return "\n".join(margin + line for line in text.split("\n"))


def _has_multiline_literal(text: str) -> bool:
    return any("\n" in token and kind in {"literal", "quoted", "comment"} for kind, token in scan(text))


def _block(run: StatementGroup, printer: Printer, layout: Callable[[str], str] | None) -> str:
    first = run.statements[0]
    sql = first.sql if layout is None else layout(first.sql)
    closing = "\n;" if _ends_in_comment(sql) else ";"
    sets = [each for statement in run.statements for each in statement.sets]
    lines = [sql + closing, *_outcome(run, sets)]
    for name in first.names:
        owner = (first.owners or {}).get(name)
        values = [_value(printer, each[name], name, owner) for each in sets if name in each]
        if values:
            label = name if name.isdigit() else f":{name}"
            lines.append(f"-- {label} = {_listed(values)}")
    return "\n".join(lines)


def _ends_in_comment(sql: str) -> bool:
    """Return whether a line comment would swallow the semicolon."""
    if "--" not in sql and "#" not in sql:
        return False
    last = [(kind, token) for kind, token in scan(sql) if kind != "space"][-1:]
    return any(kind in {"comment", "open"} and not token.startswith("/*") for kind, token in last) or (
        "#" in sql.rsplit("\n", 1)[-1]
    )


def _outcome(run: StatementGroup, sets: Sequence[Any]) -> list[str]:
    """Say how often the statement ran, and what came of it."""
    times = max(len(sets), len(run.statements))
    counts = [statement.rows for statement in run.statements]
    facts: list[str] = []
    if times > 1:
        facts.append(f"x {times}")
    if run.statements[0].error is None and None not in counts:
        if len(set(counts)) == 1:
            each = " each" if len(counts) > 1 else ""
            facts.append(f"{counts[0]} {'row' if counts[0] == 1 else 'rows'}{each}")
        else:
            facts.append("rows " + ", ".join(map(str, counts[:_MOST_VALUES])) + _more(counts))
    lines = [f"-- {': '.join(facts)}"] if facts else []
    if run.statements[0].error is not None:
        lines.append(f"-- error: {escape(run.statements[0].error)}")
    return lines


def _value(printer: Printer, value: Any, name: str, owner: str | None) -> str:
    if isinstance(value, Elements):
        elements = [_value(printer, each, name, owner) for each in value[:_MOST_VALUES]]
        return f"({', '.join(elements)}{_more(value)})"
    if isinstance(value, Several):
        return _listed([_value(printer, each, name, owner) for each in value])
    if isinstance(value, uuid.UUID):
        return printer.value(value, kind=owner or kind_from_name(name))
    return printer.value(value, kind=owner)


def _listed(values: Sequence[str]) -> str:
    if len(set(values)) == 1:
        return values[0]
    return ", ".join(values[:_MOST_VALUES]) + _more(values)


def _more(values: Sequence[Any]) -> str:
    return f", ... {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else ""


_TIMES = re.compile(r"x (\d+)(?:: )?")
_PARAMETER = re.compile(r"(:?\w+) = (.*)", re.DOTALL)

_STEP = re.compile(r"-- step: ([^\n]*)\n")

BOUNDARIES = frozenset({"begin", "commit", "rollback", "savepoint", "release savepoint", "rollback to savepoint"})


@dataclass(frozen=True, slots=True)
class StatementBlock:
    """One statement of a sql golden and the notes below it."""

    sql: str
    times: int = 1
    rows: str = ""
    error: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    step: str = ""

    @property
    def is_boundary(self) -> bool:
        """Return whether this is the edge of a transaction, not a statement."""
        return " ".join(self.sql.lower().split()) in BOUNDARIES


def read_script(golden: str, *, dialect: str = "") -> tuple[StatementBlock, ...]:
    """Cut a sql golden into its blocks.

    A statement ends at its semicolon. The comments right below it are its notes; one after an empty line belongs
    to the statement that follows, as ``-- step: submit`` does.
    """
    blocks: list[StatementBlock] = []
    sql: list[str] = []
    notes: list[str] = []
    ended = empty_line = False
    tokens = list(scan(golden, dialect=dialect))
    for place, (kind, value) in enumerate(tokens):
        if ended and kind == "space":
            empty_line = empty_line or value.count("\n") > 1
            notes.append(value)
            continue
        if ended and kind == "comment" and not empty_line:
            notes.append(value)
            continue
        if ended:
            blocks.append(_read_block("".join(sql), "".join(notes)))
            sql, notes, ended = [], [], False
        if kind == "comment" and _swallows_end(value, sql, tokens[place + 1 : place + 3]):
            sql.append(value.rstrip(" \t\r").removesuffix(";"))
            ended, empty_line = True, False
        elif value == ";" and kind == "char":
            ended, empty_line = True, False
        else:
            sql.append(value)
    rest = "".join(sql).strip()
    if ended or (rest and rest != "-- no statements"):
        blocks.append(_read_block("".join(sql), "".join(notes)))
    return tuple(blocks)


def _swallows_end(comment: str, before: list[str], after: list[tuple[str, str]]) -> bool:
    """Return whether the semicolon of a statement stands within its final comment, as in older goldens."""
    if comment.startswith("/*") or not comment.rstrip(" \t\r").endswith(";"):
        return False
    if all(_is_blank(text) for text in before):
        return False
    if not after or after[0][1].count("\n") > 1 or after == [("space", after[0][1])]:
        return True
    return len(after) > 1 and after[1][0] == "comment" and bool(_NOTE.match(after[1][1]))


def _is_blank(text: str) -> bool:
    """Return whether a token says nothing: white space, or a comment."""
    return not text.strip(" \t\r\n\f\v") or text.startswith(("--", "/*"))


_NOTE = re.compile(r"-- (?:x \d+|\d+ rows?\b|rows \d|error: |:?\w+ = )")


def _read_block(sql: str, notes: str) -> StatementBlock:
    times, rows, error = 1, "", ""
    parameters: dict[str, str] = {}
    for line in notes.split("\n"):
        note = line.strip().removeprefix("--").strip()
        parameter = _PARAMETER.fullmatch(note)
        if note.startswith("error: "):
            error = note.removeprefix("error: ")
        elif parameter:
            parameters[parameter[1]] = parameter[2]
        elif note:
            repeated = _TIMES.match(note)
            times = int(repeated[1]) if repeated else 1
            rows = note[repeated.end() :] if repeated else note
    step = _STEP.match(sql.lstrip())
    bare = sql.lstrip()[step.end() :] if step else sql
    return StatementBlock(bare.strip(), times, rows, error, parameters, step[1] if step else "")


_MIN_SIMILARITY = 0.55
"""Statements that share less than this of their words are not one statement changed, but one gone and one come."""
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
        return "\x1f".join(":" if token.kind == PARAMETER else token.text for token in self.lex(block))

    def facts(self, block: StatementBlock) -> FactsOfStatement:
        return read_statement(block.sql, dialect=self.dialect)


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
    before, after = (read_script(golden.removeprefix("\ufeff"), dialect=dialect) for golden in (old, new))
    found = tuple(_changes(before, after, _Reading(tenant_columns, dialect)))
    if found or old == new:
        return found
    return (Change(Kind.FORMAT),)


def _changes(
    before: tuple[StatementBlock, ...], after: tuple[StatementBlock, ...], reading: _Reading
) -> Iterator[Change]:
    lost: list[StatementBlock] = []
    gained: list[StatementBlock] = []
    keys = [[reading.key(block) for block in blocks] for blocks in (before, after)]
    for operation, i1, i2, j1, j2 in SequenceMatcher(None, keys[0], keys[1], autojunk=False).get_opcodes():
        if operation == "equal":
            for old, new in zip(before[i1:i2], after[j1:j2], strict=True):
                yield from _pair_changes(old, new, reading)
        else:
            yield from _pair_by_similarity(list(before[i1:i2]), list(after[j1:j2]), lost, gained, reading)
    yield from _moved_statements(lost, gained, reading)
    for block in lost:
        yield _unmatched(block, Action.LOST)
    for block in gained:
        yield _unmatched(block, Action.ADDED)


def _pair_by_similarity(
    before: list[StatementBlock],
    after: list[StatementBlock],
    lost: list[StatementBlock],
    gained: list[StatementBlock],
    reading: _Reading,
) -> Iterator[Change]:
    """Pair the statements of one gap that are versions of each other; the others go to ``lost`` and ``gained``."""
    equal = {reading.key(block) for block in before} & {reading.key(block) for block in after}
    if len(before) <= _MAX_PAIRED and len(after) <= _MAX_PAIRED:
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
        paired_old: dict[int, int] = {}
        for score, i, j in scored:
            if score >= least and -i not in paired_old and -j not in paired_old.values():
                paired_old[-i] = -j
        for i, j in sorted(paired_old.items()):
            yield from _pair_changes(before[i], after[j], reading)
        before = [block for i, block in enumerate(before) if i not in paired_old]
        after = [block for j, block in enumerate(after) if j not in paired_old.values()]
    lost.extend(before)
    gained.extend(after)


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
    where = _short(new, reading)
    found: tuple[Change, ...] = ()
    if old.sql.split() != new.sql.split() or reading.lex(old) != reading.lex(new):
        found = classify_statement(
            old.sql,
            new.sql,
            tenant_columns=reading.tenant_columns,
            values=(old.parameters, new.parameters),
            dialect=reading.dialect,
        )
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
    bound = [with_values(block.sql, block.parameters, dialect=reading.dialect) for block in (old, new)]
    changes = classify_statement(*bound, tenant_columns=reading.tenant_columns, dialect=reading.dialect)
    return tuple(change for change in changes if change.risk and change.label not in known)


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
        action = Action.ADDED if not old.error else Action.LOST if not new.error else Action.CHANGED
        yield Change(Kind.ERROR, action, old.error, new.error, where)


def _parameter_list(block: StatementBlock, reading: _Reading) -> str:
    names = _parameters(block, reading)
    written = [f"{name} = {value}" for name, value in block.parameters.items()]
    return ", ".join(written or names)


def _moved_statements(
    lost: list[StatementBlock], gained: list[StatementBlock], reading: _Reading
) -> Iterator[Change]:
    """Pair the statements that stand in another place now; both lists lose them."""
    for block in list(lost):
        other = next((new for new in gained if reading.key(new) == reading.key(block)), None)
        if other is None or block.is_boundary:
            continue
        lost.remove(block)
        gained.remove(other)
        yield Change(Kind.STATEMENT, Action.MOVED, block.sql, other.sql, _short(other, reading))
        yield from _pair_changes(block, other, reading)


def _unmatched(block: StatementBlock, action: Action) -> Change:
    kind = Kind.TRANSACTION if block.is_boundary else Kind.STATEMENT
    old, new = (block.sql, "") if action is Action.LOST else ("", block.sql)
    return Change(kind, action, old, new)


def _short(block: StatementBlock, reading: _Reading) -> str:
    """Name a statement in a few words: its verb and its tables."""
    statement = reading.facts(block)
    if not statement.tables:
        return text(tree(reading.lex(block)))[:60]
    return f"{statement.verb} {', '.join(dict.fromkeys(statement.tables))}"
