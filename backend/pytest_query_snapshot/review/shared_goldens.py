"""Goldens that several databases share: reasons why what one database received needs a reviewer."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pytest_query_snapshot.goldens.storage.golden_path import SHARED_KINDS, golden_name, suffix
from pytest_query_snapshot.review.pending import Pending
from pytest_query_snapshot.sql.diff.change import Change, Kind


class SharedGoldens:
    """Pending changes by database, to compare one with the others."""

    def __init__(self, root: Path, waiting: Iterable[Pending]) -> None:
        self._root = root
        self._received: dict[str, dict[str, str | None]] = {}
        self._statements: dict[str, dict[str, Pending]] = {}
        for pending in waiting:
            self._received.setdefault(pending.golden, {})[pending.dialect] = pending.received
            if pending.kind == "sql":
                self._statements.setdefault(comparison_of(pending.golden), {})[pending.dialect] = pending

    def reasons(self, pending: Pending) -> tuple[Change, ...]:
        """Return the changes that only show beside other goldens and databases."""
        return tuple(change for change in (self._disagreement(pending), self._no_statement(pending)) if change)

    def _disagreement(self, pending: Pending) -> Change | None:
        """Return that another database received something else for this golden: no value can be right for both."""
        values = self._received[pending.golden]
        others = sorted(dialect for dialect, value in values.items() if value != pending.received)
        if not others:
            return None
        new = f"{', '.join(others)} received something else than {pending.dialect}"
        return Change(Kind.DATABASES_DISAGREE, new=new)

    def _no_statement(self, pending: Pending) -> Change | None:
        """Return that no golden of the statement tells why rows changed on this database: a filter may be lost."""
        if pending.kind not in SHARED_KINDS or pending.base is None or self._has_statement(pending):
            return None
        new = f"no golden of the statement on {pending.dialect} tells why this changed"
        return Change(Kind.UNEXPLAINED, new=new, why_risky=_LOST)

    def _has_statement(self, pending: Pending) -> bool:
        """Return whether this database had a golden of the statement, or none has: rows may be compared alone."""
        comparison = comparison_of(pending.golden)
        waiting = self._statements.get(comparison, {})
        if pending.dialect in waiting:
            return waiting[pending.dialect].base is not None
        path = self._root / comparison
        if path.with_name(path.name + suffix("sql", pending.dialect)).exists():
            return True
        beside = path.parent.iterdir() if path.parent.is_dir() else iter(())
        names = (golden_name(f"{comparison.rpartition('/')[0]}/{each.name}") for each in beside)
        known = (name is not None and name.kind == "sql" and name.stem == comparison for name in names)
        return not waiting and not any(known)


_LOST = "the rows of the statement on this database may differ for a condition that it has lost"


def comparison_of(golden: str) -> str:
    """Return the common part of the goldens of one comparison: their path without format and dialect."""
    name = golden_name(golden)
    return golden if name is None else name.stem
