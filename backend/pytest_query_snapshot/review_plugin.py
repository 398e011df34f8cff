"""Hooks of the review: what a failing comparison leaves behind; nothing heavy is imported before one fails."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pytest_query_snapshot.comparison import Comparison


def pytest_query_snapshot_compared(config: pytest.Config, comparison: Comparison) -> None:
    """Leave a failing comparison for review, and forget it once it passes."""
    root = config.rootpath
    golden = comparison.path.relative_to(root).as_posix() if comparison.path.is_relative_to(root) else None
    if golden is None or comparison.outcome == "broken":
        return
    if not comparison.failed:
        if (root / ".query_snapshot" / "pending").exists():
            from pytest_query_snapshot.review.pending import clear  # noqa: PLC0415  only after a failure

            clear(root, golden)
        return
    from pytest_query_snapshot.review.pending import Pending, record  # noqa: PLC0415  only after a failure

    record(
        root,
        Pending(
            golden=golden,
            test=comparison.test_id,
            kind=comparison.kind,
            dialect=comparison.dialect,
            base=comparison.base,
            received=comparison.received,
            seeds=comparison.seeds,
            about=(comparison.doc or "").partition("\n\n")[0].replace("\n", " "),
        ),
    )
