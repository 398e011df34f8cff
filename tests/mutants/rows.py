"""The goldens of this run: the rows that the unbroken builders give, statements left out.

The goldens of the emitted SQL would notice any change of a statement, also one that means the same.
"""

from __future__ import annotations

import sys
import uuid
from collections import defaultdict
from contextlib import contextmanager

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from controlplane.models import Base

DIGITS = 12  # the rest of a float depends on the order in which it was added up


class Anything:
    """Stands in for a golden of statements, which are not compared: it equals everything."""

    def __eq__(self, other):
        return True

    __hash__ = None


class Rows:
    """Stands in for `golden`: remembers the rows of each comparison, or compares with the remembered ones."""

    def __init__(self) -> None:
        self.known, self.recording, self.test, self.turn = defaultdict(list), True, "", 0

    def begin(self, test: str) -> None:
        self.test, self.turn = test, 0

    def __eq__(self, received):
        value = _told_apart(received) if not isinstance(received, Session) else _stored(received)
        if self.recording:
            self.known[self.test].append(value)
            return True
        self.turn += 1
        return value == self.known[self.test][self.turn - 1]

    __hash__ = None

    def __call__(self, name: str):
        return self

    @property
    def rows(self):
        return self

    state = rows

    @property
    def sql(self):
        return Anything()

    @contextmanager
    def step(self, name: str):
        yield name


def _stored(session: Session) -> list[str]:
    """Read every table, in no order and without keys: triggers make random ones."""
    answers = (
        (table.name, session.execute(select(*(each for each in table.c if each.name != "id"))))
        for table in Base.metadata.sorted_tables
    )
    return sorted(f"{name} {_told_apart([row])}" for name, rows in answers for row in rows)


def _told_apart(rows) -> list[tuple]:
    """Number the ids that this run has made, and leave out the last digits of floats, as the goldens do.

    Ids of the seeds are compared as they are.
    """
    made: dict[uuid.UUID, str] = {}

    def plain(value):
        if isinstance(value, float):
            return float(f"{value:.{DIGITS}g}")
        is_made = isinstance(value, uuid.UUID) and value.version == 4
        return made.setdefault(value, f"id {len(made)}") if is_made else value

    return [tuple(plain(value) for value in row) for row in rows]


class Reached:
    """Which functions of the analytics each test calls."""

    def __init__(self, folder: str) -> None:
        self.folder, self.names = folder, defaultdict(set)

    def of(self, test: str, call) -> None:
        """Run `call` and note what it reaches."""
        names = self.names[test]

        def notice(frame, event, _):
            code = frame.f_code
            if event == "call" and code.co_filename.startswith(self.folder):
                module = (
                    code.co_filename.removeprefix(self.folder).strip("/").removesuffix(".py").replace("/", ".")
                )
                names.add((module, code.co_qualname.split(".")[0]))

        sys.setprofile(notice)
        try:
            call()
        finally:
            sys.setprofile(None)


class RowsOnly:
    """A plugin that gives every test `Rows` for its goldens."""

    def __init__(self) -> None:
        self.rows = Rows()

    @pytest.hookimpl(tryfirst=True)
    def pytest_fixture_setup(self, fixturedef, request):
        if fixturedef.argname != "golden":
            return None
        self.rows.begin(request.node.nodeid)
        fixturedef.cached_result = (self.rows, fixturedef.cache_key(request), None)
        return self.rows
