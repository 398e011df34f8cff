"""Errors in a loop that runs until the worker ends: one line for each of the database's, and growing rests."""

from __future__ import annotations

import logging

from sqlalchemy.exc import DBAPIError

log = logging.getLogger(__name__)
LONGEST_REST = 5.0
"""Seconds between two attempts while the database is away: it is noticed soon when it is back."""


class Outage:
    """The failures in a row of one loop, and its rest: longer after each failure, as usual after a success."""

    def __init__(self, what: str, *, rest: float) -> None:
        self.rest = rest
        self._what = what
        self._usual = rest

    def end(self) -> None:
        """Record a success."""
        self.rest = self._usual

    def report(self, error: Exception) -> None:
        """Record a failure and log it."""
        self.rest = max(self._usual, min(2 * self.rest, LONGEST_REST))
        log_failure(self._what, error)


def log_failure(what: str, error: Exception) -> None:
    """Log an error: in one line if it is the database's, else with its traceback."""
    if isinstance(error, DBAPIError):
        log.warning("%s: %s", what, " ".join(str(error.orig).split()))
    else:
        log.error(what, exc_info=error)
