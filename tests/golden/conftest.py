"""What golden tests of several slices use."""

from __future__ import annotations

from contextlib import nullcontext

import pytest


@pytest.fixture
def locks(session, golden):
    """Count the statements of a block that lock rows; SQLite locks the whole database, and has none of them."""

    def locked_by(statements):
        if session.get_bind().dialect.name != "postgresql":
            return nullcontext()
        return golden.budget(exactly=statements, match="FOR NO KEY UPDATE")

    return locked_by
