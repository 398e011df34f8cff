"""Pairs of statements with a known difference: shapes of statements, edits of each, names, dialects.

An edit is labelled by what it does, not by what the classifier says of it. `!` marks a risk. Tables and columns go
by plain, by quoted and by keyword names, and parameters by the style of each dialect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

BENIGN = frozenset({"format", "alias", "reordered", "parameters"})


class Edit(NamedTuple):
    """A piece of text, what takes its place, and the class of that change."""

    old: str
    new: str
    label: str


class Pair(NamedTuple):
    """Two statements, the class of their difference, and how to read them."""

    about: str
    old: str
    new: str
    label: str
    dialect: str


class Names(NamedTuple):
    """How tables and columns are called."""

    dialect: str
    words: dict[str, str]


def _quoted(dialect: str, left: str, right: str, words: str) -> Names:
    names = zip(("T", "U", "V", "c", "d", "k"), words.split(), strict=True)
    return Names(dialect, {key: f"{left}{word}{right}" for key, word in names})


NAMES = (
    _quoted("sqlite", "", "", "invoice payment note status score code"),
    _quoted("sqlite", '"', '"', "order group user from limit set"),
    _quoted("sqlite", "[", "]", "select where join on order group"),
    _quoted("postgresql", "", "", "agent run log state level key_1"),
    _quoted("postgresql", '"', '"', "user order table where having union"),
    _quoted("postgresql", '"', '"', "Group Set Values And Or Not"),
    _quoted("sqlite", "`", "`", "with recursive exists case when end"),
    _quoted("mysql", "`", "`", "order group from set and limit"),
)

_HERE = Path(__file__).parent
SHAPES = (_HERE / "shapes.txt").read_text(encoding="utf-8")
ONLY_POSTGRESQL = (_HERE / "shapes_postgresql.txt").read_text(encoding="utf-8")
"""Each shape: the statement, then its edits as `old => new => label`."""


def read_shapes(text: str) -> Iterator[tuple[str, str, list[Edit]]]:
    """Yield the name, the statement and the edits of each shape."""
    for block in f"\n{text}".split("\n== ")[1:]:
        name, statement, *lines = block.strip("\n").split("\n")
        yield name, statement.replace("\\n", "\n"), [Edit(*_edit(line)) for line in lines]


def _edit(line: str) -> tuple[str, str, str]:
    body, _, label = line.rpartition(" => ")
    old, _, new = body.partition(" => ") if not line.startswith("ALL ") else ("", "", body)
    return (old or body).replace("\\n", "\n"), new.replace("\\n", "\n"), label


def apply(statement: str, edit: Edit) -> str:
    """Make an edit; `ALL a => b ; c => d` replaces every word."""
    if edit.old.startswith("ALL "):
        for each in edit.old.removeprefix("ALL ").removesuffix(" ;").split(" ; "):
            old, _, new = each.partition(" => ")
            statement = re.sub(rf"(?<![\w.]){re.escape(old)}", new, statement)
        return statement
    assert edit.old.strip() in statement, (edit.old, statement)
    old = edit.old if edit.old in statement else edit.old.strip()
    return statement.replace(old, edit.new if old == edit.old else edit.new.strip(), 1)


def written(statement: str, names: Names) -> str:
    """Write a statement with names and parameters of a dialect."""
    for key, name in names.words.items():
        statement = statement.replace(f"{{{key}}}", name)
    return re.sub(r":([a-z]+)", r"%(\1)s", statement) if names.dialect == "mysql" else statement


def pairs() -> Iterator[Pair]:
    """Yield each edit of each shape under each set of names."""
    for names in NAMES:
        shapes = SHAPES + (ONLY_POSTGRESQL if names.dialect == "postgresql" else "")
        for shape, statement, edits in read_shapes(shapes):
            for edit in edits:
                old, new = written(statement, names), written(apply(statement, edit), names)
                about = f"{names.dialect} {names.words['T']} {shape}: {edit.old} => {edit.new}"
                yield Pair(about, old, new, edit.label, names.dialect)


def labelled_edits(text):
    """Yield each edit with the dialect that the name of its shape ends in: `== invoices @sqlite`."""
    for name, statement, edits in read_shapes(text):
        about, _, dialect = name.partition(" @")
        for edit in edits:
            yield about, dialect, statement, apply(statement, edit), edit.label


def reading(name):
    """Return a collection of statements and labelled edits, as its file writes them."""
    return (_HERE / f"{name}_reading.txt").read_text(encoding="utf-8")
