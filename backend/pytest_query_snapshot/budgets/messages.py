"""Messages about queries: exceeded budgets, loads in a loop, and hazards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pytest_query_snapshot.budgets.query_log import Entry

if TYPE_CHECKING:
    from pytest_query_snapshot.budgets.series import Finding

KINDS = frozenset(
    {
        *("n+1", "loop", "cartesian-product", "limit-without-order", "unbounded-select"),
        *("duplicate-select", "unbatched-inserts", "literals", "unread-columns", "open-connections"),
    }
)
"""The kinds of hazards, as markers and settings name them."""

LOOP = 3
"""The same load this often, from one place, is a loop."""
_SHOWN = 12


def loops(entries: list[Entry]) -> Iterator[tuple[str, str, int]]:
    """Yield each N+1: the relationship, or the statement where none is known, the line, and how often.

    A statement that no relationship explains counts when the same lines led to it with other parameters each time,
    within one transaction: ``session.get`` or ``execute`` in a loop. Repeating one query is not a loop over rows,
    and neither is a transaction per row.
    """
    asked: dict[tuple[str, int, tuple[str, ...]], list[Entry]] = {}
    for entry in entries:
        if not _reads(entry.sql):
            continue
        if entry.relationship:
            asked.setdefault((entry.relationship, 0, entry.callers[:1]), []).append(entry)
        else:
            asked.setdefault((entry.sql, entry.transaction, entry.callers), []).append(entry)
    for (what, _, callers), found in asked.items():
        times = len(found) if _is_relationship(what) else len({entry.parameters for entry in found})
        if times >= LOOP:
            yield what, callers[0], times


def _is_relationship(what: str) -> bool:
    return " " not in what


def _loop_kind(what: str) -> str:
    return "n+1" if _is_relationship(what) else "loop"


def _loop_subject(what: str) -> str:
    from pytest_query_snapshot.budgets.series import table_of  # noqa: PLC0415  a lexer, only after a loop

    return what if _is_relationship(what) else table_of(what)


def _reads(sql: str) -> bool:
    return sql.lstrip().lower().startswith(("select", "with"))


def over_budget_message(entries: list[Entry], most: int, *, allowed_by: str = "max_queries") -> str:
    """List what went over a budget: which statements, how often, from where, and the loops among them."""
    lines = [f"{len(entries)} statements, and {allowed_by} allows {most}:"]
    seen = Counter((entry.sql, entry.line) for entry in entries)
    for (sql, line), times in list(seen.items())[:_SHOWN]:
        lines.append(f"  {times} x {one_line(sql)}")
        lines.append(f"      {line}")
    if len(seen) > _SHOWN:
        lines.append(f"  ... and {len(seen) - _SHOWN} more")
    for what, line, times in loops(entries):
        lines.append(loop_message(what, line, times))
    return "\n".join(lines)


def loop_message(what: str, line: str, times: int) -> str:
    """Report a load in a loop, and what helps where it is a relationship."""
    relationship = _is_relationship(what)
    cause = (
        f"{what} is loaded once per row" if relationship else "the same statement runs with one value at a time"
    )
    cure = f"; load it with the rows: selectinload({what})" if relationship else f": {one_line(what)}"
    return f"N+1: {cause}, {times} times, at {line}{cure}"


def one_line(sql: str, *, width: int = 100) -> str:
    """Write a statement on one line."""
    text = " ".join(sql.split())
    return text if len(text) <= width else f"{text[: width - 3]}..."


def hazard_messages(
    entries: list[Entry],
    *,
    allowed: frozenset[str],
    growing: tuple[str, ...],
    tenant_columns: tuple[str, ...],
) -> list[str]:
    """List every hazard once, with the line of the statement; ``allowed`` are kinds, or a kind and its subject.

    The subject follows a colon: the relationship of an N+1 (``n+1:Agent.executions``), else the first table of the
    statement (``duplicate-select:agent``).
    """
    from pytest_query_snapshot.budgets.hazards import hazards  # noqa: PLC0415  a budget alone needs no parser
    from pytest_query_snapshot.budgets.series import findings, table_of  # noqa: PLC0415

    found = [
        loop_message(what, line, times)
        for what, line, times in loops(entries)
        if not {_loop_kind(what), f"{_loop_kind(what)}:{_loop_subject(what)}"} & allowed
    ]
    found += finding_messages(findings(entries), allowed=allowed)
    for entry in entries:
        found += [
            f"{hazard.kind}: {hazard.why}, at {entry.line}: {one_line(entry.sql)}"
            for hazard in hazards(entry.sql, growing=growing, tenant_columns=tenant_columns)
            if not {hazard.kind, f"{hazard.kind}:{table_of(entry.sql)}"} & allowed
        ]
    return list(dict.fromkeys(found))


def finding_messages(found: Iterable[Finding], *, allowed: frozenset[str]) -> list[str]:
    """Write each finding that is not allowed, by its kind or by its subject, on one line."""
    return [
        f"{each.kind}: {each.why}, at {each.line}" + (f": {one_line(each.sql)}" if each.sql else "")
        for each in found
        if not {each.kind, f"{each.kind}:{each.subject}"} & allowed
    ]


def unknown_hazards(names: Iterable[object]) -> str | None:
    """Return a message about names of hazards that allow nothing; None where each allows something."""
    for name in names:
        kind, colon, what = name.partition(":") if isinstance(name, str) else (str(name), "", "")
        if kind not in KINDS:
            return f"no hazard is called {kind}; there are {', '.join(sorted(KINDS))}"
        if colon and (not what or what != what.strip()):
            return f"{name!r} names nothing of its kind; write it as the report does, n+1:Agent.executions"
    return None
