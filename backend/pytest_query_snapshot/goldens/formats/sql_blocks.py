"""The blocks of a sql golden: its statements, each with its repetitions, its outcome and its parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pytest_query_snapshot.sql.lexer import scan

_TIMES = re.compile(r"x (\d+)(?:: )?")
_PARAMETER = re.compile(r"(:?\w+) = (.*)", re.DOTALL)

_STEP = re.compile(r"-- step: ([^\n]*)\n")

_BOUNDARY = re.compile(
    r"(?:begin|start|commit|end|rollback|savepoint|release(?: savepoint)?|rollback to(?: savepoint)?)"
    r"(?: (?:transaction|work|deferred|immediate|exclusive))*(?: [\w\"]+)?"
)
"""The edge of a transaction or savepoint, with its name where the statement was written as text."""


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
        return _BOUNDARY.fullmatch(" ".join(self.sql.lower().split())) is not None


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
