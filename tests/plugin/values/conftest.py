"""What a value looks like in a rows golden, without a test session around it."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.goldens.formats import rows
from pytest_query_snapshot.values.driver_rows import fetch_all
from pytest_query_snapshot.values.id_aliases import IdAliases, IdColumns
from pytest_query_snapshot.values.masks import Masks
from pytest_query_snapshot.values.result_rows import to_table


def write_golden(received, *, render=None):
    """Return the text of the rows golden of a value."""
    table = to_table(received, fetch_all(received), IdColumns(), masks=Masks(), render=render)
    return rows.render(table, IdAliases(), render_value=render)


@pytest.fixture(scope="session")
def golden_text():
    return write_golden
