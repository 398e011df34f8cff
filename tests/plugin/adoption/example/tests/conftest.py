"""Queries live in files of their own."""

from pathlib import Path

import pytest
from sqlalchemy import text

QUERIES = Path(__file__).parent.parent / "queries"


@pytest.fixture
def query():
    """Read a query from its file."""
    return lambda name: text((QUERIES / f"{name}.sql").read_text())
