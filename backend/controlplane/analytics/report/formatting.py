"""Values and column names as people read them, in a terminal and on a page."""

from __future__ import annotations

import uuid
from datetime import datetime, time
from typing import Any

from controlplane.escaping import visible

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0
MIDNIGHT = time()
SECONDS_COLUMNS = (
    *("mean", "minimum", "median", "p95", "p99", "maximum"),
    *("mean_wait", "p95_wait", "mean_run", "p95_run", "seconds"),
)

TIMES = {"mean_seconds": "mean time", "seconds": "time"}
RATE_WORDS = ("rate", "share", "relative_change")


def heading(column: str) -> str:
    """Turn a column's name into a heading; the values show the unit of a duration."""
    if column in TIMES:
        return TIMES[column]
    return column.removesuffix("_id").removesuffix("_seconds").replace("_", " ")


def value_text(column: str, value: Any) -> str:
    """Write one value: instants, spans, ratios in per cent, null as a dash."""
    if value is None:
        return "–"  # noqa: RUF001  a dash is meant
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, uuid.UUID):
        return value.hex[-8:]
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return number_text(column, value)
    return f"{value:,}" if isinstance(value, int) else visible(value)


def instant_text(value: datetime) -> str:
    """Write an instant to the second: a midnight as its day, a whole minute without seconds."""
    if value.time() == MIDNIGHT:
        return value.strftime("%Y-%m-%d")
    return value.strftime("%Y-%m-%d %H:%M:%S").removesuffix(":00")


def number_text(column: str, value: float) -> str:
    """Write a float by what its column holds."""
    if any(word in column for word in RATE_WORDS):
        return f"{value:.1%}"
    if column in SECONDS_COLUMNS or "seconds" in column:
        return span_text(value)
    return f"{value:,.2f}"


def span_text(seconds: float) -> str:
    """Write a span of time with the unit that fits it."""
    for unit, size in (("d", DAY), ("h", HOUR), ("min", MINUTE)):
        if abs(seconds) >= 2 * size:
            return f"{seconds / size:,.1f} {unit}"
    if seconds == 0 or abs(seconds) >= 1:
        return f"{seconds:,.1f} s"
    return f"{seconds * 1000:,.3g} ms"


def is_number(value: Any) -> bool:
    """Return whether a value is shown to the right."""
    return isinstance(value, int | float) and not isinstance(value, bool)
