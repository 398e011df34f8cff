"""Golden-file tests for SQL: rows, states and emitted statements, compared with stored snapshots.

The names here are the public interface; the rest of the package may change with any version.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_query_snapshot import errors
    from pytest_query_snapshot.databases.plans import Plan, plan_of
    from pytest_query_snapshot.goldens.comparison import Comparison
    from pytest_query_snapshot.goldens.failure_message import GoldenMismatchError
    from pytest_query_snapshot.goldens.formats.sql_changes import classify_sql
    from pytest_query_snapshot.goldens.golden import Golden
    from pytest_query_snapshot.seeds.functions import seed
    from pytest_query_snapshot.sql.diff.change import Change

__all__ = [
    "Change",
    "Comparison",
    "Golden",
    "GoldenMismatchError",
    "Plan",
    "classify_sql",
    "errors",
    "plan_of",
    "seed",
]

_MODULES = {
    "Change": "sql.diff.change",
    "Comparison": "goldens.comparison",
    "Golden": "goldens.golden",
    "GoldenMismatchError": "goldens.failure_message",
    "Plan": "databases.plans",
    "classify_sql": "goldens.formats.sql_changes",
    "plan_of": "databases.plans",
    "seed": "seeds.functions",
}


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used: every pytest run imports this package."""
    if name == "errors":
        return import_module(f"{__name__}.errors")
    if name not in _MODULES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, also those that are not imported yet."""
    return sorted({*globals(), *__all__})
