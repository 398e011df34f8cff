"""Golden-file tests for SQL: rows, states and emitted statements, compared with stored snapshots."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_query_snapshot.goldens.formats.sql import classify_sql
    from pytest_query_snapshot.seeds.functions import seed

__all__ = ["classify_sql", "seed"]

_MODULES = {
    "classify_sql": "pytest_query_snapshot.goldens.formats.sql",
    "seed": "pytest_query_snapshot.seeds.functions",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: every pytest run imports this package."""
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_MODULES[name]), name)
