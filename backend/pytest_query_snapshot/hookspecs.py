"""Hook specifications for other plugins, and for other parts of this one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_query_snapshot.goldens.comparison import Comparison


def pytest_query_snapshot_compared(config: pytest.Config, comparison: Comparison) -> None:
    """Hear of the outcome of one comparison, in the process that ran the test."""


@pytest.hookspec(firstresult=True)
def pytest_query_snapshot_render(config: pytest.Config, value: object) -> str | None:
    """Return the text of a value of the project's own type, or None to leave it to others.

    Asked for every value that is not of a plain Python type, before records are shown by their fields. The text
    stands in goldens as it is returned: it must differ for values that differ.
    """
