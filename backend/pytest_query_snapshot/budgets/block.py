"""A budget of statements for a block of a test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from pytest_query_snapshot.budgets.messages import broken_budget, one_line
from pytest_query_snapshot.budgets.query_log import Entry, Ledger
from pytest_query_snapshot.budgets.series import words_of
from pytest_query_snapshot.errors import BudgetExceededError, BudgetUnusedError

Match = str | re.Pattern[str] | None


@contextmanager
def query_budget(limit: int, *, match: Match = None, counts: Callable[[], bool]) -> Iterator[None]:
    """Fail when the block runs more statements than ``limit``, on whichever engine; an error in it goes first.

    ``match`` counts some of them: a word is a table or any other name in the statement, other text is a part of
    the statement, a compiled pattern is searched.

    Raises:
        BudgetExceededError: more statements than the limit; the message names them, their lines and loops.
        BudgetUnusedError: nothing matched: a misspelt table would keep every budget.
    """
    __tracebackhide__ = True
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 0:
        raise TypeError("golden.budget(limit) takes a number of statements, such as golden.budget(3)")
    ledger = Ledger(sa.Engine, counts=counts)
    ledger.open()
    try:
        yield
    finally:
        ledger.close()
    entries = [entry for entry in ledger.entries if _matches(entry, match)]
    if len(entries) > limit:
        raise BudgetExceededError(broken_budget(entries, limit, allowed_by="golden.budget"))
    if match is not None and limit and not entries:
        raise BudgetUnusedError(match=match if isinstance(match, str) else match.pattern)


def _matches(entry: Entry, match: Match) -> bool:
    if match is None:
        return True
    text = one_line(entry.sql, width=len(entry.sql))
    if isinstance(match, re.Pattern):
        return match.search(text) is not None
    return match.lower() in words_of(entry.sql) if re.fullmatch(r"\w+", match) else match in text
