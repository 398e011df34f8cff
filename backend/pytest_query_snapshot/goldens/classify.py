"""One door to the classifiers: the kind of a golden decides which of them compares it."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import Any

from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind


@lru_cache(maxsize=16)  # the message of a failure, its risks, and what is left for review
def classify_golden(
    old: str | None,
    new: str | None,
    *,
    kind: str,
    tenant_columns: tuple[str, ...] = TENANT_COLUMNS,
    dialect: str = "",
) -> tuple[Change, ...]:
    """Return what changed between two versions of a golden; None stands for a golden that is not there."""
    if old is None or new is None:
        gone = new is None and old is not None
        return (Change(Kind.GOLDEN, Action.REMOVED, old=old or "") if gone else Change(Kind.NEW, new=new or ""),)
    if old == new:
        return ()
    if kind not in _FORMATS:
        return (Change(Kind.OTHER, old=old, new=new),)
    options: dict[str, Any] = {"tenant_columns": tenant_columns, "dialect": dialect} if kind == "sql" else {}
    found: tuple[Change, ...] = _classifier(kind)(old, new, **options)
    return found


_FORMATS = {"sql": "sql_changes", "rows": "rows", "state": "changes", "plan": "plan", "schema": "schema"}


def _classifier(kind: str) -> Any:
    """Import the classifier of a format: two of them bring SQLAlchemy, which a command often does not need."""
    module = import_module(f"pytest_query_snapshot.goldens.formats.{_FORMATS[kind]}")
    return getattr(module, f"classify_{kind}")
