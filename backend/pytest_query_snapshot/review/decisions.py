"""The causes that are still to be decided, and the decisions about them, for every caller at the same time."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from threading import Lock

from pytest_query_snapshot.errors import DecidedElsewhereError, QuerySnapshotError
from pytest_query_snapshot.review.accept import Review, accept_all, reject
from pytest_query_snapshot.review.causes import Cause
from pytest_query_snapshot.settings import Project

ACTIONS = ("accept", "class", "reject", "skip", "unfold")


def cause_key(cause: Cause) -> str:
    """Return what names a cause with the very texts that were shown, so that no decision is about other texts."""
    digest = sha256()
    for review in cause.members:
        pending = review.pending
        for text in (pending.golden, pending.dialect, str(pending.base is None), pending.base, pending.received):
            digest.update(f"{len(text or '')}:{text or ''}".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:32]


def classes_of(cause: Cause) -> tuple[str, ...]:
    """Return the classes of every change of a cause."""
    return tuple(sorted({label for review in cause.members for label in review.labels}))


@dataclass(slots=True)
class ReviewQueue:
    """Decides causes by their key; ``refused`` are the reasons of goldens that could not be written."""

    project: Project
    left: list[Cause]
    decided: Counter[str] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)
    _asked: dict[str, str] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, key: str) -> Cause:
        """Return the cause of a key.

        Raises:
            DecidedElsewhereError: it is not, or no longer, to be decided.
        """
        for cause in self.left:
            if cause_key(cause) == key:
                return cause
        raise DecidedElsewhereError

    def decide(self, action: str, key: str, *, confirmation: str = "") -> str:
        """Decide a cause; return what a risk has to be confirmed with, or nothing when it is decided."""
        with self._lock:
            cause = self.find(key)
            if action == "accept" and cause.risk and not self._is_confirmed(key, confirmation):
                self._asked[key] = secrets.token_urlsafe(16)
                return self._asked[key]
            if action == "class":
                self._accept_class(cause)
                return ""
            at = self.left.index(cause)
            self.left[at : at + 1] = self._apply(action, cause)
            return ""

    def alike(self, cause: Cause) -> list[Cause]:
        """List the causes that are no risk and have exactly the classes of this one, itself included."""
        if cause.risk:
            return []
        return [each for each in self.left if not each.risk and classes_of(each) == classes_of(cause)]

    def _accept_class(self, cause: Cause) -> None:
        alike = self.alike(cause)
        self.left = [each for each in self.left if each not in alike]
        self._accept(tuple(review for each in alike for review in each.members))

    def count_left(self) -> int:
        """Return how many goldens are not decided: those that are left, and those that were skipped or refused."""
        return sum(len(cause.members) for cause in self.left) + self.decided["skipped"]

    def _is_confirmed(self, key: str, confirmation: str) -> bool:
        expected = self._asked.pop(key, "")
        return bool(expected) and secrets.compare_digest(expected.encode(), confirmation.encode())

    def _apply(self, action: str, cause: Cause) -> Iterable[Cause]:
        """Do what was decided; return the causes that stand in the place of this one."""
        parts = cause.parts()
        if action == "unfold":
            return parts
        if action == "skip":
            self.decided["skipped"] += len(cause.members)
            return ()
        if action == "reject":
            self._reject(cause.members)
            return ()
        own = tuple(part for part in parts if part.own) if len(parts) > 1 else ()
        self._accept(cause.same if own else cause.members)
        return own

    def _accept(self, members: tuple[Review, ...]) -> None:
        result = accept_all(self.project, members, named={review.pending.golden for review in members})
        self.decided["accepted"] += len(result.accepted)
        self.decided["skipped"] += len(result.left) + len(result.refused)
        self.refused += [str(error) for _, error in result.refused]

    def _reject(self, members: tuple[Review, ...]) -> None:
        for review in members:
            try:
                reject(self.project, review)
            except QuerySnapshotError as error:
                self.refused.append(str(error))
                self.decided["skipped"] += 1
            else:
                self.decided["rejected"] += 1
