"""The loop of everything that is claimed: claim work, execute it outside any transaction, record its result."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Transaction = Callable[[], AbstractContextManager["Session"]]
"""Opens a transaction that is committed at the end of the block, and rolled back by an exception."""

Work = TypeVar("Work")
Result = TypeVar("Result")
Rest = TypeVar("Rest")


@dataclass(frozen=True, kw_only=True)
class ClaimLoop(Generic[Work, Result, Rest]):
    """The functions of one kind of work; a claim that is not of type `work` ends the loop.

    `complete` records a result and returns the next claim, both in one transaction. It raises `lost` when another
    worker has claimed the work: the result is dropped, since that worker's counts.
    """

    work: type[Work]
    claim: Callable[[Session], Work | Rest]
    execute: Callable[[Work], Result]
    complete: Callable[[Session, Work, Result], Work | Rest]
    lost: type[Exception]

    def run(self, transaction: Transaction) -> Rest:
        """Work until nothing is claimed; return what the last claim returned instead."""
        with transaction() as session:
            claimed = self.claim(session)
        while isinstance(claimed, self.work):
            claimed = self._perform(transaction, claimed)
        return claimed  # type: ignore[return-value]  # a union is not narrowed by a type in a variable

    def _perform(self, transaction: Transaction, claimed: Work) -> Work | Rest:
        result = self.execute(claimed)
        try:
            with transaction() as session:
                return self.complete(session, claimed, result)
        except self.lost:
            pass  # the transaction was rolled back
        with transaction() as session:
            return self.claim(session)
