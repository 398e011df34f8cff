"""Read a sql golden: its statements, each with how often it ran, what came of it, and its parameters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from pytest_query_snapshot.tokens import scan

_TIMES = re.compile(r"x (\d+)(?:: )?")
_PARAMETER = re.compile(r"(:?\w+) = (.*)", re.DOTALL)

_STEP = re.compile(r"-- step: ([^\n]*)\n")

BOUNDARIES = frozenset({"begin", "commit", "rollback", "savepoint", "release savepoint", "rollback to savepoint"})


@dataclass(frozen=True, slots=True)
class Block:
    """One statement of a sql golden and the notes below it."""

    sql: str
    times: int = 1
    rows: str = ""
    error: str = ""
    parameters: dict[str, str] = field(default_factory=dict)
    step: str = ""

    @property
    def is_boundary(self) -> bool:
        """Whether this is the edge of a transaction, not a statement."""
        return " ".join(self.sql.lower().split()) in BOUNDARIES


def read_script(golden: str) -> tuple[Block, ...]:
    """Cut a sql golden into its blocks.

    A statement ends at its semicolon. The comments right below it are its notes; one after an empty line belongs
    to the statement that follows, as ``-- step: submit`` does.
    """
    blocks: list[Block] = []
    sql: list[str] = []
    notes: list[str] = []
    ended = empty_line = False
    for kind, value in scan(golden):
        if ended and kind == "space":
            empty_line = empty_line or value.count("\n") > 1
            notes.append(value)
            continue
        if ended and kind == "comment" and not empty_line:
            notes.append(value)
            continue
        if ended:
            blocks.append(_block("".join(sql), "".join(notes)))
            sql, notes, ended = [], [], False
        if value == ";" and kind == "char":
            ended, empty_line = True, False
        else:
            sql.append(value)
    rest = "".join(sql).strip()
    if ended or (rest and rest != "-- no statements"):
        blocks.append(_block("".join(sql), "".join(notes)))
    return tuple(blocks)


def _block(sql: str, notes: str) -> Block:
    times, rows, error = 1, "", ""
    parameters: dict[str, str] = {}
    for line in notes.splitlines():
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
    return Block(bare.strip(), times, rows, error, parameters, step[1] if step else "")
