"""Expressions of the schema that show the time of the worker's one transaction, and the lines that meet them.

`now()` in a statement is replaced by the time of its own transaction. A default, a trigger, a function or a view
is the server's, and shows the time at which the real transaction began: one for the whole run.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from pytest_query_snapshot.databases.project_line import project_line
from pytest_query_snapshot.sql.effects.sessions import names_in

_RETURNING = re.compile(r"\breturning\b", re.IGNORECASE)
_INSERTS = frozenset({"insert", "merge", "copy"})
_SHOWN = 3


class ClockSource(NamedTuple):
    """An expression of the schema that reads the time.

    name: the table, function or view that a statement names to meet it.
    detail: the column whose default it is; the words of statements that fire a trigger.
    """

    name: str
    kind: str
    shown: str
    detail: str


class TimeSources:
    """The sources of one database, and the first line of the project that met each of them."""

    def __init__(self) -> None:
        self._sources: tuple[ClockSource, ...] = ()
        self._names: frozenset[str] = frozenset()
        self._met: dict[str, str] = {}

    def learn(self, sources: tuple[ClockSource, ...]) -> None:
        """Take the sources that the schema has now."""
        self._sources = sources
        self._names = frozenset(source.name for source in sources)

    def hear(self, sql: str) -> None:
        """Note the line of a statement that meets a source."""
        if not self._names or self._names.isdisjoint(names_in(sql, "postgresql")):
            return
        for source in self._sources:
            if source.shown not in self._met and _meets(sql, source):
                self._met[source.shown] = project_line()

    def notes(self) -> list[str]:
        """Return what the run has to say about it."""
        if not self._met:
            return []
        met = [f"{line}: {shown}" for shown, line in self._met.items()]
        more = f"; and {len(met) - _SHOWN} more" if len(met) > _SHOWN else ""
        note = (
            f"{'; '.join(met[:_SHOWN])}{more}: their time is the same in the whole run, as all transactions lie "
            'in one; isolation("connections") gives each its own'
        )
        return [note]


def _meets(sql: str, source: ClockSource) -> bool:
    names = names_in(sql, "postgresql")
    if source.name not in names:
        return False
    if source.kind == "trigger":
        return not names.isdisjoint(source.detail.split())
    if source.kind == "column":
        # a column that is given its value has no need of the default
        given = names_in(_RETURNING.split(sql, maxsplit=1)[0], "postgresql")
        return not _INSERTS.isdisjoint(names) and source.detail not in given
    return True
