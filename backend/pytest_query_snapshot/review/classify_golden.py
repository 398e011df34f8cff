"""One door to the classifiers: the kind of a golden decides which of them compares it."""

from __future__ import annotations

from pytest_query_snapshot.review.changes import Action, Change, Kind
from pytest_query_snapshot.review.classify import TENANT_COLUMNS
from pytest_query_snapshot.review.classify_plan import classify_plan
from pytest_query_snapshot.review.classify_schema import classify_schema
from pytest_query_snapshot.review.classify_sql import classify_sql
from pytest_query_snapshot.review.rows import classify_rows
from pytest_query_snapshot.review.states import classify_state


def classify_golden(
    old: str | None,
    new: str | None,
    *,
    kind: str,
    tenant_columns: tuple[str, ...] = TENANT_COLUMNS,
) -> tuple[Change, ...]:
    """Say what changed between two versions of a golden; None stands for a golden that is not there."""
    if old is None or new is None:
        gone = new is None and old is not None
        return (Change(Kind.GOLDEN, Action.LOST, old=old or "") if gone else Change(Kind.NEW, new=new or ""),)
    if old == new:
        return ()
    if kind == "sql":
        return classify_sql(old, new, tenant_columns=tenant_columns)
    classifiers = {
        "rows": classify_rows,
        "state": classify_state,
        "plan": classify_plan,
        "schema": classify_schema,
    }
    classifier = classifiers.get(kind)
    return classifier(old, new) if classifier else (Change(Kind.OTHER, old=old, new=new),)
