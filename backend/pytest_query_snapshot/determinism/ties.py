"""Results whose order is not settled: rows that are equal in everything the query sorts by.

A golden puts them in an order of its own, so its test passes on every database. Code that reads the rows one after
the other, or cuts them with LIMIT, gets what the database happens to give.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from pytest_query_snapshot.goldens.formats.rows import read_table
from pytest_query_snapshot.goldens.formats.sql_blocks import read_script
from pytest_query_snapshot.goldens.storage.golden_index import Entry
from pytest_query_snapshot.review.terminal import WIDTH, shortened

_TIES = re.compile(r"(?P<key>.*); ties in rows (?P<groups>[\d, -]+)\Z")


@dataclass(frozen=True, slots=True)
class Tie:
    """Rows of one golden that the sort key leaves in any order; ``query`` is empty where no sql golden says it."""

    golden: str
    test: str
    query: str
    order: str
    columns: tuple[str, ...]
    groups: tuple[tuple[tuple[str, ...], ...], ...]

    def as_json(self) -> dict[str, Any]:
        """This tie for scripts."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """Write it for people."""
        yield shortened(self.golden, WIDTH)
        for label, value in (("test", self.test), ("order", self.order), ("query", self.query)):
            if value:
                yield shortened(f"  {label:<6} {value}", WIDTH)
        for group in self.groups:
            yield f"  {len(group)} rows in any order:"
            yield from (shortened(f"    | {' | '.join(row)} |", WIDTH) for row in group)


def ties(entries: tuple[Entry, ...]) -> Iterator[Tie]:
    """Yield the goldens of the catalogue that flag a tie."""
    for entry in entries:
        for name, text in entry.goldens:
            table = read_table(text) if name.kind == "rows" else None
            flagged = _TIES.match(table.order) if table is not None else None
            if table is None or flagged is None:
                continue
            spans = [group.split("-") for group in flagged["groups"].split(", ")]
            groups = tuple(table.rows[int(first) - 1 : int(last)] for first, last in spans)
            yield Tie(name.path, entry.facts.test, _query(entry), flagged["key"], table.names, groups)


def _query(entry: Entry) -> str:
    """The statement that the rows came from: the last one before they were compared."""
    for name, text in entry.goldens:
        statements = (
            [block.sql for block in read_script(text) if not block.is_boundary] if name.kind == "sql" else []
        )
        if statements:
            return " ".join(statements[-1].split())
    return ""
