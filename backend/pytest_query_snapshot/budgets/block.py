"""A budget of statements for a block of a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from pytest_query_snapshot.budgets.messages import one_line, over_budget_message
from pytest_query_snapshot.budgets.query_log import Entry, QueryLog
from pytest_query_snapshot.budgets.series import words_of
from pytest_query_snapshot.errors import BudgetExceededError, BudgetUnusedError

Match = str | re.Pattern[str] | None


@contextmanager
def query_budget(
    limit: int | None = None,
    *,
    exactly: int | None = None,
    match: Match = None,
    counts: Callable[[], bool],
) -> Iterator[None]:
    """Fail when the block runs more statements than ``limit``, on any engine, or another number than ``exactly``.

    An error in the block goes first. ``match`` counts some of the statements: a word is a table or any other name
    in the statement, other text is a part of the statement, a compiled pattern is searched.

    Raises:
        BudgetExceededError: the number is not within the budget; the message names statements, lines and loops.
        BudgetUnusedError: nothing matched: a misspelt table would keep every budget.
    """
    __tracebackhide__ = True
    budget = _checked(limit, exactly)
    _check_match(match)
    queries = QueryLog(sa.Engine, counts=counts)
    queries.open()
    try:
        yield
    finally:
        queries.close()
    entries = [entry for entry in queries.entries if _matches(entry, match)]
    if match is not None and budget and not entries:
        raise BudgetUnusedError(match=match if isinstance(match, str) else match.pattern)
    if len(entries) > budget or (exactly is not None and len(entries) < budget):
        allowed_by = "golden.budget" if exactly is None else "golden.budget(exactly=..)"
        raise BudgetExceededError(over_budget_message(entries, budget, allowed_by=allowed_by))


def _checked(limit: int | None, exactly: int | None) -> int:
    """Return the number that a budget gives. Raises TypeError for none, two, or one that counts nothing."""
    given = [number for number in (limit, exactly) if number is not None]
    if len(given) != 1 or not isinstance(given[0], int) or isinstance(given[0], bool) or given[0] < 0:
        raise TypeError("golden.budget takes a number of statements: golden.budget(3) or golden.budget(exactly=3)")
    return given[0]


def _check_match(match: object) -> None:
    """Refuse what would match nothing, or everything. Raises TypeError."""
    if match is not None and not isinstance(match, re.Pattern) and not (isinstance(match, str) and match.strip()):
        raise TypeError('golden.budget(match=..) takes a word, a part of a statement or a pattern: match="agent"')


def _matches(entry: Entry, match: Match) -> bool:
    if match is None:
        return True
    text = one_line(entry.sql, width=len(entry.sql))
    if isinstance(match, re.Pattern):
        return match.search(text) is not None
    return match.lower() in words_of(entry.sql) if re.fullmatch(r"\w+", match) else match in text
