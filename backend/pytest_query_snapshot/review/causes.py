"""Equal edits of many comparisons as one cause: one entry, one decision.

A comparison is decided as a whole, so its goldens have one cause together. The edits that make a cause are those
of statements, columns and tables; a column that was added to a table is the same edit in a statement, a result, a
state and the schema. Rows and values that changed with them are a member's own: such a member is listed with its
cause and is decided by itself.
"""

from __future__ import annotations

import difflib
import re
from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from pytest_query_snapshot.review.counting import counted
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_query_snapshot.review.accept import Review

_ALIAS_NUMBER = re.compile(r"#s?\d+")
_CELL = re.compile(r"(?:^|, )(\w+)=")
# changes whose class alone does not say what the edit was: the lines that differ do
_BY_LINES = frozenset(
    {Kind.FORMAT, Kind.ALIAS, Kind.REORDERED, Kind.PARAMETERS, Kind.PARAMETER_VALUES, Kind.OTHER}
)
# what follows from an edit and differs from test to test
_DATA = ("row", "cell", "state-", "step-", "unchanged", "query-count")
_NOUNS = {"sql": "statement", "rows": "result", "state": "state", "schema": "schema", "plan": "plan"}
_MOST_EDITS = 2


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """One edit without the place it was made at; ``table`` is empty where a golden does not show it."""

    label: str
    old: str = ""
    new: str = ""
    table: str = ""

    def __str__(self) -> str:
        what, _, happened = self.label.rpartition("-")
        subject = f"{self.table}.{self.new or self.old}" if self.table else (self.new or self.old)
        if happened in {Action.ADDED.value, Action.REMOVED.value}:
            return f"{what} {_one_line(subject)} {'added' if happened == Action.ADDED.value else 'removed'}"
        if self.old and self.new:
            return f"{self.label}: {_one_line(self.old)} -> {_one_line(self.new)}"
        return f"{self.label}: {_one_line(subject)}" if subject else self.label


@dataclass(frozen=True, slots=True)
class Cause:
    """Pending changes with the same edits; ``own`` are the comparisons in which more changed than that."""

    edits: tuple[Edit, ...]
    members: tuple[Review, ...]
    own: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Six characters that name this cause in commands; equal edits have equal names in every run."""
        text = "\n".join(f"{edit.label}\t{edit.old}\t{edit.new}\t{edit.table}" for edit in self.edits)
        alone = "" if self.edits else self.members[0].comparison
        return sha256(f"{text}{alone}".encode("utf-8", "surrogatepass")).hexdigest()[:6]

    @property
    def risk(self) -> bool:
        """Return whether a person must decide this cause by name."""
        return any(review.risk for review in self.members)

    @property
    def same(self) -> tuple[Review, ...]:
        """The members in which nothing but the edits of this cause changed."""
        return tuple(review for review in self.members if review.comparison not in self.own)

    @property
    def title(self) -> str:
        """Return the edits in words, such as ``column agent.nickname added``."""
        if not self.edits:
            labels = dict.fromkeys(label for member in self.members for label in member.labels)
            reasons = {
                change.label: str(Edit(change.label, new=change.new))
                for member in self.members
                for change in member.changes
                if change.kind is Kind.UNEXPLAINED and not change.old
            }
            return _first_ones([reasons.get(label, label) for label in labels]) or "equal"
        lines = {"lines", *(kind.value for kind in _BY_LINES)}
        telling = [edit for edit in self.edits if edit.label not in lines] or [*self.edits]
        return _first_ones([str(edit) for edit in telling])

    @property
    def extent(self) -> str:
        """Return how many goldens of each format changed, such as ``146 statements, 14 states, 1 schema``."""
        counts = Counter(review.pending.kind for review in self.members)
        return ", ".join(
            counted(count, _NOUNS.get(kind, "golden")) for kind, count in sorted(counts.items(), key=_by_extent)
        )

    def parts(self) -> tuple[Cause, ...]:
        """Return one cause for each comparison."""
        return tuple(
            Cause(self.edits, members, self.own & {members[0].comparison})
            for members in _by_comparison(self.members)
        )


def causes(reviews: Iterable[Review]) -> tuple[Cause, ...]:
    """Group pending changes by their edits: risks first, then the causes with the most members."""
    grouped: dict[tuple[Edit, ...], list[tuple[Review, ...]]] = {}
    own: set[str] = set()
    alone: list[Cause] = []
    for members in _by_comparison(reviews):
        edits, data = _edits_of(members)
        if not edits and not data:
            alone.append(Cause((), members))
            continue
        if edits and data:
            own.add(members[0].comparison)
        grouped.setdefault(edits or data, []).append(members)
    _join_columns(grouped)
    found = [_cause(edits, members, own) for edits, members in grouped.items()]
    return tuple(sorted([*found, *alone], key=lambda cause: (not cause.risk, -len(cause.members), cause.title)))


def _cause(edits: tuple[Edit, ...], comparisons: list[tuple[Review, ...]], own: set[str]) -> Cause:
    members = tuple(review for comparison in comparisons for review in comparison)
    return Cause(edits, members, frozenset(own.intersection(review.comparison for review in members)))


def _by_comparison(reviews: Iterable[Review]) -> list[tuple[Review, ...]]:
    found: dict[str, list[Review]] = {}
    for review in reviews:
        found.setdefault(review.comparison, []).append(review)
    return [tuple(members) for members in found.values()]


def _edits_of(members: tuple[Review, ...]) -> tuple[tuple[Edit, ...], tuple[Edit, ...]]:
    """Return the edits of a comparison, and what changed in its data; nothing for a new or removed golden."""
    edits: set[Edit] = set()
    data: set[Edit] = set()
    for review in members:
        pending = review.pending
        if pending.base is None or pending.received is None:
            return (), ()
        for change in review.changes:
            for edit in _edits(change, pending.kind):
                (data if edit.label.startswith(_DATA) else edits).add(edit)
        if any(change.kind in _BY_LINES for change in review.changes):
            texts = (pending.base, pending.received)
            edits.add(
                Edit("lines", *_differing_lines(*(_without_data(*texts) if pending.kind == "sql" else texts)))
            )
    return _named_tables(edits), tuple(sorted(data))


def _named_tables(edits: set[Edit]) -> tuple[Edit, ...]:
    """Drop a column without its table where another golden of the comparison shows it with its table."""
    known = {(edit.label, edit.old, edit.new) for edit in edits if edit.table}
    return tuple(sorted(edit for edit in edits if edit.table or (edit.label, edit.old, edit.new) not in known))


def _edits(change: Change, golden_kind: str) -> Iterable[Edit]:
    if change.kind is Kind.COLUMN and change.action in {Action.ADDED, Action.REMOVED}:
        return (_column(change, golden_kind),)
    if change.kind is Kind.STATE and change.action is Action.CHANGED:
        return _state_columns(change)
    if change.kind in _BY_LINES:
        return (Edit(change.label),)
    return (_without_numbers(change),)


def _without_numbers(change: Change) -> Edit:
    """Return an edit without the numbers of ids, which differ from test to test, unless these are what changed."""
    old, new = _ALIAS_NUMBER.sub("#", change.old), _ALIAS_NUMBER.sub("#", change.new)
    return Edit(change.label, change.old, change.new) if old == new else Edit(change.label, old, new)


def _column(change: Change, golden_kind: str) -> Edit:
    """Return a column that came or went by its name alone, as each format shows it in a way of its own."""
    written = change.new or change.old
    if golden_kind == "sql" and " " in written:  # an expression or an alias: the text is the edit
        return Edit(change.label, change.old, change.new)
    table, _, name = written.split()[0].replace('"', "").rpartition(".") if written.split() else ("", "", "")
    table = change.where if golden_kind == "schema" else table.rpartition(".")[2]
    added = change.action is Action.ADDED
    return Edit(change.label, "" if added else name, name if added else "", table.lower())


def _state_columns(change: Change) -> Iterable[Edit]:
    """Return the columns that a row of a state gained or lost, if nothing else of the row changed."""
    before, after = _cells(change.old), _cells(change.new)
    shared = [name for name in before if name in after]
    if not before or not after or any(before[name] != after[name] for name in shared):
        return (_without_numbers(change),)
    table = change.where.rpartition(" / ")[2]
    added = [Edit("column-added", new=name, table=table) for name in after if name not in before]
    lost = [Edit("column-removed", old=name, table=table) for name in before if name not in after]
    return (*added, *lost)


def _cells(line: str) -> dict[str, str]:
    text = line.partition(": ")[2]
    parts = _CELL.split(text)
    return dict(zip(parts[1::2], parts[2::2], strict=True)) if len(parts) > 1 and not parts[0] else {}


_PARAMETER = re.compile(r"^( *-- (?::\w+|\d+)) = .*$", re.MULTILINE)
_COUNT = re.compile(r"^ *-- (?:x \d+|\d+ rows?|rows )[^\n]*\n?", re.MULTILINE)


def _without_data(old: str, new: str) -> tuple[str, str]:
    """Leave out row counts, and the value of a parameter that only one side has: each test has its own."""
    names = [{match[1].strip() for match in _PARAMETER.finditer(text)} for text in (old, new)]
    both = names[0] & names[1]

    def named(match: re.Match[str]) -> str:
        return match[0] if match[1].strip() in both else match[1]

    return _COUNT.sub("", _PARAMETER.sub(named, old)), _COUNT.sub("", _PARAMETER.sub(named, new))


def _differing_lines(old: str, new: str) -> tuple[str, str]:
    found = [*difflib.unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")][2:]
    removed, added = ([line[1:] for line in found if line[0] == sign and line[1:]] for sign in "-+")
    return "\n".join(removed), "\n".join(added)


def _join_columns(grouped: dict[tuple[Edit, ...], list[tuple[Review, ...]]]) -> None:
    """Join the groups that show a column without its table to the one group that shows it with its table."""
    for edits in [edits for edits in grouped if all(edit.label.startswith("column-") for edit in edits)]:
        if all(edit.table for edit in edits):
            continue
        bare = _without_tables(edits)
        named = [
            other for other in grouped if all(edit.table for edit in other) and _without_tables(other) == bare
        ]
        if len(named) == 1:
            grouped[named[0]].extend(grouped.pop(edits))


def _without_tables(edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
    return tuple(sorted(Edit(edit.label, edit.old, edit.new) for edit in edits))


def _one_line(text: str, *, width: int = 70) -> str:
    line = " ".join(text.split())
    return line if len(line) <= width else f"{line[: width - 3]}..."


def _first_ones(edits: Sequence[str]) -> str:
    """Name the first edits, and count the others."""
    shown = "; ".join(edits[:_MOST_EDITS])
    more = len(edits) - _MOST_EDITS
    return f"{shown}; and {counted(more, 'more edit')}" if more > 0 else shown


def _by_extent(counted: tuple[str, int]) -> tuple[int, int]:
    kind, count = counted
    return -count, [*_NOUNS].index(kind) if kind in _NOUNS else len(_NOUNS)
