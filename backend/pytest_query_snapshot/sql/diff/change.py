"""The vocabulary of review: what kind of thing changed, what happened to it, and whether it is a risk."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The part that changed."""

    NEW = "new"
    GOLDEN = "golden"
    FORMAT = "format"
    ALIAS = "alias"
    REORDERED = "reordered"
    PARAMETERS = "parameters"
    PARAMETER_VALUES = "parameter-values"
    SWAPPED_PARAMETERS = "swapped-parameters"
    QUERY_COUNT = "query-count"
    ROW_COUNT = "row-count"
    STATEMENT = "statement"
    TRANSACTION = "transaction"
    ERROR = "error"
    TABLE = "table"
    ONLY = "only"
    SAMPLE = "sample"
    LATERAL = "lateral"
    ORDINALITY = "ordinality"
    RECURSIVE = "recursive"
    COLUMN_NAMES = "column-names"
    SUBQUERY = "subquery"
    JOIN_KIND = "join-kind"
    JOIN_CONDITION = "join-condition"
    PREDICATE = "predicate"
    TENANT_FILTER = "tenant-filter"
    COLUMN = "column"
    AGGREGATE = "aggregate"
    DISTINCT = "distinct"
    GROUP_BY = "group-by"
    ORDER_BY = "order-by"
    LIMIT = "limit"
    OFFSET = "offset"
    SET_OPERATION = "set-operation"
    LOCK = "lock"
    ASSIGNMENT = "assignment"
    VALUES = "values"
    CONFLICT = "conflict"
    RETURNING = "returning"
    OTHER = "other"
    UNEXPLAINED = "unexplained"
    ROW = "row"
    CELL = "cell"
    ROW_ORDER = "row-order"
    TYPE = "type"
    STATE = "state"
    STEP = "step"
    UNCHANGED = "unchanged"
    PLAN = "plan"
    INDEX = "index"
    FULL_SCAN = "full-scan"
    SCHEMA = "schema"
    CONSTRAINT = "constraint"
    DATABASES_DISAGREE = "databases-disagree"


class Action(StrEnum):
    """The change of a part."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


_ALONE = frozenset(
    {
        *(Kind.NEW, Kind.FORMAT, Kind.ALIAS, Kind.REORDERED, Kind.PARAMETERS, Kind.QUERY_COUNT, Kind.ROW_COUNT),
        *(Kind.DATABASES_DISAGREE, Kind.SWAPPED_PARAMETERS, Kind.PARAMETER_VALUES),
    }
)
"""Kinds that only ever change: their name says it all."""

RISKS = frozenset(
    {
        (Kind.PREDICATE, Action.REMOVED),
        (Kind.TENANT_FILTER, Action.REMOVED),
        (Kind.TENANT_FILTER, Action.CHANGED),
        (Kind.JOIN_CONDITION, Action.REMOVED),
        (Kind.LIMIT, Action.REMOVED),
        (Kind.LOCK, Action.REMOVED),
        (Kind.INDEX, Action.REMOVED),
        (Kind.FULL_SCAN, Action.ADDED),
        (Kind.CONSTRAINT, Action.REMOVED),
        (Kind.ERROR, Action.ADDED),
        (Kind.DATABASES_DISAGREE, Action.CHANGED),
        (Kind.OTHER, Action.CHANGED),
        (Kind.OTHER, Action.REMOVED),
        (Kind.STATEMENT, Action.CHANGED),
        (Kind.TRANSACTION, Action.REMOVED),
        (Kind.SWAPPED_PARAMETERS, Action.CHANGED),
        (Kind.ONLY, Action.REMOVED),
        (Kind.SAMPLE, Action.REMOVED),
        (Kind.LATERAL, Action.REMOVED),
        (Kind.RECURSIVE, Action.REMOVED),
        (Kind.COLUMN_NAMES, Action.CHANGED),
        *((Kind.UNEXPLAINED, action) for action in (Action.ADDED, Action.REMOVED, Action.CHANGED)),
    },
)
"""Changes that a person must look at one by one: bulk accept leaves them alone.

An unclassified change is among them: the unknown is a risk.
"""


def _label(kind: Kind, action: Action) -> str:
    return kind.value if kind in _ALONE else f"{kind.value}-{action.value}"


ALL_LABELS = tuple(dict.fromkeys(_label(kind, action) for kind in Kind for action in Action))
"""Every class that a change can have."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: ``where`` is the statement, table or row it happened in."""

    kind: Kind
    action: Action = Action.CHANGED
    old: str = ""
    new: str = ""
    where: str = ""
    why_risky: str = ""

    @property
    def label(self) -> str:
        """Return the class of this change, such as ``predicate-removed``: what ``--class`` takes."""
        return _label(self.kind, self.action)

    @property
    def risk(self) -> bool:
        """Return whether only a person may accept this, by name."""
        return bool(self.why_risky) or (self.kind, self.action) in RISKS

    def as_json(self) -> dict[str, Any]:
        """Return this change as JSON, for scripts."""
        return {"class": self.label, "risk": self.risk} | asdict(self)


def labels(changes: tuple[Change, ...]) -> tuple[str, ...]:
    """The classes of several changes: risks first, each once."""
    ordered = sorted(changes, key=lambda change: not change.risk)
    return tuple(dict.fromkeys(change.label for change in ordered))
