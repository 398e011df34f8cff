"""Numbers of parameters, written by their rank: goldens that differ in nothing else are classified once.

SQLAlchemy counts the parameters of a statement up, so one edit of a query that many tests run differs in these
numbers. The ranks are one for one and in the order of the numbers: no two names become one.
"""

from __future__ import annotations

import re
from dataclasses import replace

from pytest_query_snapshot.sql.diff.change import Change

_NUMBERED = re.compile(r"(?<![\w:])(:[A-Za-z_]\w*?_)(\d+)\b")

_Name = tuple[str, str]


class ParameterNumbers:
    """The names of two goldens that end in a number, and their ranks among those that begin alike."""

    def __init__(self, *goldens: str) -> None:
        names = {name for golden in goldens for name in _NUMBERED.findall(golden)}
        counts: dict[str, int] = {}
        self._ranks: dict[_Name, str] = {}
        for stem, number in sorted(names, key=lambda name: (name[0], int(name[1]), name[1])):
            counts[stem] = counts.get(stem, 0) + 1
            self._ranks[stem, number] = str(counts[stem])
        self._numbers = {(stem, rank): number for (stem, number), rank in self._ranks.items()}

    def ranked(self, golden: str) -> str:
        """Write the rank of each name in the place of its number."""
        return _written(golden, self._ranks)

    def restored(self, change: Change) -> Change:
        """Write the names of a change as the goldens do."""
        old, new, where = (_written(text, self._numbers) for text in (change.old, change.new, change.where))
        return replace(change, old=old, new=new, where=where)


def _written(text: str, numbers: dict[_Name, str]) -> str:
    if ":" not in text:
        return text
    return _NUMBERED.sub(lambda name: f"{name[1]}{numbers.get((name[1], name[2]), name[2])}", text)
