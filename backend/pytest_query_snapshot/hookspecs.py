"""What other plugins, and other parts of this one, can listen to."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest

    from pytest_query_snapshot.goldens.comparison import Comparison


def pytest_query_snapshot_compared(config: pytest.Config, comparison: Comparison) -> None:
    """Hear of the outcome of one comparison, in the process that ran the test."""
