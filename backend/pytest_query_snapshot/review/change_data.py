"""The classified changes of a golden as data for the pages: the report and the review in a browser."""

from __future__ import annotations

from typing import Any

from pytest_query_snapshot.review.accept import Review

_SHORT = 600


def change_data(review: Review) -> list[dict[str, Any]]:
    """Return the changes, risks first; long texts are left to the difference."""
    return [
        {
            "class": change.label,
            "risk": change.risk,
            "where": change.where,
            "why_risky": change.why_risky,
            "short_old": change.old if len(change.old) < _SHORT else "",
            "short_new": change.new if len(change.new) < _SHORT else "",
        }
        for change in sorted(review.changes, key=lambda change: not change.risk)
    ]
