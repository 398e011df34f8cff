"""One door to the classifiers: the kind of a golden decides which of them compares it."""

from __future__ import annotations

from pytest_query_snapshot.goldens.formats.changes import classify_state
from pytest_query_snapshot.goldens.formats.plan import classify_plan
from pytest_query_snapshot.goldens.formats.rows import classify_rows
from pytest_query_snapshot.goldens.formats.schema import classify_schema
from pytest_query_snapshot.goldens.formats.sql_changes import classify_sql
from pytest_query_snapshot.settings import TENANT_COLUMNS
from pytest_query_snapshot.sql.diff.change import Action, Change, Kind


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
    if kind == "sql":
        return classify_sql(old, new, tenant_columns=tenant_columns, dialect=dialect)
    classifiers = {
        "rows": classify_rows,
        "state": classify_state,
        "plan": classify_plan,
        "schema": classify_schema,
    }
    classifier = classifiers.get(kind)
    return classifier(old, new) if classifier else (Change(Kind.OTHER, old=old, new=new),)
