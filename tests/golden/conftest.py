"""Fixtures for the golden tests of several slices."""

from __future__ import annotations

import re
from contextlib import contextmanager

import pytest
import sqlalchemy as sa


@pytest.fixture
def locks(session, golden):
    """Count the statements of a block that lock rows; SQLite locks the whole database, and has none of them."""

    def locked_by(statements):
        has_row_locks = session.get_bind().dialect.name == "postgresql"
        return golden.budget(exactly=statements if has_row_locks else 0, match="FOR NO KEY UPDATE")

    return locked_by


WRITE = re.compile(r"\s*(?:INSERT|UPDATE|DELETE|WITH\b.*\b(?:INSERT|UPDATE|DELETE))\b", re.DOTALL)


@pytest.fixture
def writes_nothing(session):
    """Fail when a statement of the block inserts, updates or deletes a row, or the session holds one back.

    An UPDATE that matches no row is no write; one with RETURNING counts as one, since SQLite can't say.
    """

    @contextmanager
    def block():
        written = []

        def note(_connection, cursor, statement, *_):
            is_sure = statement.lstrip().startswith("INSERT") or "RETURNING" in statement
            if WRITE.match(statement) and (is_sure or cursor.rowcount != 0):
                written.append(statement)

        engine = session.get_bind().engine
        sa.event.listen(engine, "after_cursor_execute", note)
        try:
            yield
            session.flush()
        finally:
            sa.event.remove(engine, "after_cursor_execute", note)
        assert written == []

    return block
