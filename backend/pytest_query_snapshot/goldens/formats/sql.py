"""Statements as the text of a sql golden: in order, with parameters, row counts and the transaction tree.

`sql_blocks` reads that text back, `sql_changes` compares two of them.
"""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from pytest_query_snapshot.recording.entries import StepMarker, TransactionEvent
from pytest_query_snapshot.recording.statements import (
    ColumnValues,
    InListValue,
    Recorded,
    Statement,
)
from pytest_query_snapshot.sql.lexer import canonical, scan
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


def group_statements(recorded: Iterable[Recorded]) -> list[StatementGroup | TransactionEvent | StepMarker]:
    """Put together what was executed several times in a row."""
    found: list[StatementGroup | TransactionEvent | StepMarker] = []
    pending: list[Statement] = []
    key: tuple[str, ...] = ()
    for entry in recorded:
        if isinstance(entry, Statement):
            entry_key = (entry.error or "", entry.sql)
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
    printer = Printer(identities, typed=False, whole=False)
    parts: list[str] = []
    depth = 0
    for entry in group_statements(_without_lone_begin(recorded)):
        if isinstance(entry, TransactionEvent):
            depth -= entry.command in _CLOSES and depth > 0
            part = f"{entry.command};"
        elif isinstance(entry, StepMarker):
            part = f"-- step: {escape(entry.name)}"
        else:
            part = _block(entry, printer, layout)
        parts.append(_indent(part, depth) if layout is not None and depth else part)
        if isinstance(entry, TransactionEvent):
            depth += entry.command in _OPENS
    return "\n\n".join(parts or ["-- no statements"]) + "\n"


def are_alike(one: str, other: str, *, dialect: str) -> bool:
    """Return whether two sql goldens hold the same tokens."""
    return one == other or canonical(one, dialect=dialect) == canonical(other, dialect=dialect)


def laid_out(formatted: str, raw: str, *, dialect: str) -> str:
    """Return the text that is written: the unformatted one where a layout would not compare equal."""
    return formatted if are_alike(formatted, raw, dialect=dialect) else raw


_OPENS = ("BEGIN", "SAVEPOINT")
_CLOSES = ("COMMIT", "ROLLBACK", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT")


def _without_lone_begin(recorded: Sequence[Recorded]) -> list[Recorded]:
    """Leave out a transaction that only began: it says nothing that the statements do not say."""
    boundaries = [entry for entry in recorded if isinstance(entry, TransactionEvent)]
    if len(boundaries) == 1 and boundaries[0].command == "BEGIN":
        return [entry for entry in recorded if entry is not boundaries[0]]
    return list(recorded)


def _indent(text: str, depth: int) -> str:
    if _MULTILINE.search(text) and _has_multiline_literal(text):
        return text
    margin = "  " * depth
    return "\n".join(margin + line for line in text.split("\n"))


_MULTILINE = re.compile(r"[\"'`$\[]|/\*")
_KEPT_WHOLE = frozenset({"literal", "quoted", "comment", "open"})


def _has_multiline_literal(text: str) -> bool:
    return "\n" in text and any("\n" in token and kind in _KEPT_WHOLE for kind, token in scan(text))


def _block(run: StatementGroup, printer: Printer, layout: Callable[[str], str] | None) -> str:
    first = run.statements[0]
    sql = first.sql if layout is None else layout(first.sql)
    closing = "\n;" if _ends_in_comment(sql) else ";"
    sets = [each for statement in run.statements for each in statement.sets]
    lines = [sql + closing, *_outcome(run, sets)]
    for name in first.names:
        owner = (first.owners or {}).get(name)
        values = [_value(printer, each[name], name, owner) for each in sets if name in each]
        if len(values) > 1 and any(isinstance(each.get(name), ColumnValues) for each in sets):
            values = [f"({value})" for value in values]
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
    """Describe how often the statement ran, and its outcome."""
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
            facts.append("rows " + _capped(list(map(str, counts))))
    lines = [f"-- {': '.join(facts)}"] if facts else []
    if run.statements[0].error is not None:
        lines.append(f"-- error: {escape(run.statements[0].error)}")
    return lines


def _value(printer: Printer, value: Any, name: str, owner: str | None) -> str:
    if isinstance(value, InListValue):
        return f"({_capped([_value(printer, each, name, owner) for each in value])})"
    if isinstance(value, ColumnValues):
        return _listed([_value(printer, each, name, owner) for each in value])
    if isinstance(value, uuid.UUID):
        return printer.value(value, kind=owner or kind_from_name(name))
    return printer.value(value, kind=owner)


def _listed(values: Sequence[str]) -> str:
    if len(set(values)) == 1:
        return values[0]
    return _capped(values)


def _capped(values: Sequence[str]) -> str:
    """Write the first values of a long list, and a hash of all of them: none changes unseen."""
    shown = ", ".join(values[:_MOST_VALUES])
    if len(values) <= _MOST_VALUES:
        return shown
    digest = sha256("\x1f".join(values).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{shown}, ... {len(values) - _MOST_VALUES} more, sha256 {digest}"
