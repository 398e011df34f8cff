"""The interactive review: one change after the other, one key each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from pytest_query_snapshot.errors import QuerySnapshotError
from pytest_query_snapshot.review.accept import Review, accept, reject
from pytest_query_snapshot.review.terminal import Painter, described, shortened
from pytest_query_snapshot.settings import Project

KEYS = (
    ("a", "accept"),
    ("r", "reject"),
    ("s", "skip"),
    ("c", "accept all"),
    ("d", "whole"),
    ("q", "quit"),
)


@dataclass(slots=True)
class Walk:
    """Where a review is, and what was decided so far."""

    project: Project
    ask: Callable[[str], str]
    out: TextIO
    paint: Painter
    decided: Counter[str] = field(default_factory=Counter)

    def through(self, reviews: tuple[Review, ...]) -> Counter[str]:
        """Show each change and do what is asked; return how many were accepted, rejected and skipped."""
        left = list(reviews)
        while left:
            number = len(reviews) - len(left) + 1
            self._show(left[0], f"[{number}/{len(reviews)}]", whole=False)
            if not self._decide(left, number, len(reviews)):
                break
        self.decided["left"] = len(left) + self.decided["skipped"]
        return self.decided

    def _show(self, review: Review, place: str, *, whole: bool) -> None:
        self._say("")
        for line in described(review, self.paint, place=place, whole=whole):
            self._say(line)
        self._say("")

    def _decide(self, left: list[Review], number: int, total: int) -> bool:
        """Ask until something is decided; False when the review ends here."""
        while True:
            key = self._key(left)
            if key == "q":
                return False
            if key == "d":
                self._show(left[0], f"[{number}/{total}]", whole=True)
            elif key == "c":
                if self._accept_class(left):
                    return True
            elif key in {"a", "r", "s"} and self._one(key, left[0]):
                left.pop(0)
                return True

    def _key(self, left: list[Review]) -> str:
        alike = f" {len(_alike(left))} of {', '.join(left[0].labels)}"
        choices = "  ".join(
            f"{self.paint('strong', key)} {what}{shortened(alike, 22) if key == 'c' else ''}"
            for key, what in KEYS
            if key != "c" or not left[0].risk
        )
        self._say(choices)
        try:
            return self.ask("> ").strip().lower()[:1]
        except (EOFError, KeyboardInterrupt):
            self._say("")
            return "q"

    def _one(self, key: str, review: Review) -> bool:
        if key == "s":
            self.decided["skipped"] += 1
            return True
        if key == "a" and review.risk and self.ask("Accept a risk? Type yes: ").strip().lower() != "yes":
            return False
        try:
            (accept if key == "a" else reject)(self.project, review)
        except QuerySnapshotError as error:
            self._say(self.paint("risk", str(error)))
            self.decided["skipped"] += 1
            return True
        self.decided["accepted" if key == "a" else "rejected"] += 1
        return True

    def _accept_class(self, left: list[Review]) -> bool:
        """Accept every change of exactly the classes of the first one; risks are decided one by one."""
        if left[0].risk:
            self._say("A risk is decided on its own: a accepts this one.")
            return False
        before = self.decided["accepted"]
        same = _alike(left)
        for review in same:
            if self._one("a", review):
                left.remove(review)
        self._say(f"{self.decided['accepted'] - before} accepted: {', '.join(same[0].labels)}")
        return True

    def _say(self, line: str) -> None:
        self.out.write(line + "\n")


def _alike(left: list[Review]) -> list[Review]:
    """The changes of exactly the classes of the first one, without risks."""
    return [review for review in left if review.labels == left[0].labels and not review.risk]
