"""Values of drivers and libraries that have one text: ranges, intervals, addresses, times of numpy and pandas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from pytest_query_snapshot.values.printing.escaping import escape
from pytest_query_snapshot.values.printing.numbers import decimal_text

_RANGE = ("lower", "upper", "lower_inc", "upper_inc", "isempty")
Nested = Callable[[Any], str]


def library_type(value: object) -> str | None:
    """Name the type of such a value as headers do; None for other values."""
    module, name = type(value).__module__, type(value).__name__
    package = module.partition(".")[0]
    if is_range(value):
        return "range"
    if name.lower() == "multirange":
        return "multirange"
    if package in {"ipaddress", "dateutil"}:
        return {"relativedelta": "interval"}.get(name, "address" if package == "ipaddress" else name)
    if package in {"numpy", "pandas"}:
        return _TIMES.get(name)
    return name.lower() if package.startswith("psycopg") and hasattr(value, _WRAPPED) else None


_WRAPPED = "obj"
_TIMES = {
    "datetime64": "timestamp",
    "timedelta64": "interval",
    "Timestamp": "timestamp",
    "Timedelta": "interval",
    "NaTType": "NaT",
    "NAType": "NA",
    "Interval": "range",
    "Period": "period",
}


def library_text(value: Any, nested: Nested) -> str | None:
    """Write such a value; None for other values."""
    module, name = type(value).__module__, type(value).__name__
    if module == "builtins":
        return None
    package = module.partition(".")[0]
    if is_range(value):
        return f"range {_range_text(value, nested)}"
    writer = _WRITERS.get((package, name)) or _PACKAGES.get(package)
    if writer is not None:
        return writer(value)
    return _wrapped_text(value, name, package, nested)


def _wrapped_text(value: Any, name: str, package: str, nested: Nested) -> str | None:
    if name.lower() == "multirange":
        return "{" + ", ".join(_range_text(each, nested) for each in value) + "}"
    if package.startswith("psycopg") and hasattr(value, _WRAPPED):
        return f"{name}({nested(value.obj)})"
    if hasattr(value, "isoformat") and not isinstance(value, (dt.date, dt.time)):
        written = value.isoformat()
        return f"{name}({escape(written)})" if isinstance(written, str) else None  # a mock answers everything
    return None


def is_range(value: object) -> bool:
    """Return whether a value is a range of SQLAlchemy, psycopg, psycopg2 or asyncpg."""
    return "ange" in type(value).__name__ and all(hasattr(value, name) for name in _RANGE)


def _range_text(value: Any, nested: Nested) -> str:
    if value.isempty:
        return "empty"
    lower = "" if value.lower is None else nested(value.lower)
    upper = "" if value.upper is None else nested(value.upper)
    return f"{'[' if value.lower_inc else '('}{lower}, {upper}{']' if value.upper_inc else ')'}"


def _timestamp(value: Any) -> str:
    if value.tzinfo is not None:
        value = value.tz_convert("UTC").tz_localize(None)
        return f"{value.isoformat(sep=' ')}Z"
    return str(value.isoformat(sep=" "))


def _timedelta64(value: Any) -> str:
    return f"timedelta64({value.astype('int64') if str(value) != 'NaT' else 'NaT'}, {value.dtype.str[1:]})"


_WRITERS: dict[tuple[str, str], Callable[[Any], str]] = {
    ("dateutil", "relativedelta"): repr,
    ("numpy", "datetime64"): str,
    ("numpy", "timedelta64"): _timedelta64,
    ("pandas", "Timestamp"): _timestamp,
    ("pandas", "Timedelta"): lambda value: f"{decimal_text(Decimal(value.value).scaleb(-9))} s",
    ("pandas", "NaTType"): lambda _value: "NaT",
    ("pandas", "NAType"): lambda _value: "NA",
    ("pandas", "Interval"): repr,
    ("pandas", "Period"): repr,
}
_PACKAGES: dict[str, Callable[[Any], str]] = {
    "ipaddress": lambda value: f"{'network' if hasattr(value, 'network_address') else 'ip'} {value}"
}
