"""The interactive review: one cause after the other, one key each."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from pytest_query_snapshot.errors import QuerySnapshotError
from pytest_query_snapshot.review.accept import Review, accept, reject
from pytest_query_snapshot.review.causes import Cause
from pytest_query_snapshot.review.diff_tool import DiffTool
from pytest_query_snapshot.review.terminal import WIDTH, Painter, described, explained, summarized
from pytest_query_snapshot.settings import Project

_KEYS = (
    ("a", "accept"),
    ("r", "reject"),
    ("s", "skip"),
    ("c", "class"),
    ("u", "unfold"),
    ("d", "whole"),
    ("q", "quit"),
)


@dataclass(slots=True)
class ReviewPrompt:
    """The position and decisions of a review; ``ask`` reads a key, ``confirm`` a word."""

    project: Project
    ask: Callable[[str], str]
    out: TextIO
    paint: Painter
    confirm: Callable[[str], str] = field(default_factory=lambda: input)
    decided: Counter[str] = field(default_factory=Counter)
    diff_tool: DiffTool | None = None

    def run(self, causes: tuple[Cause, ...]) -> Counter[str]:
        """Show each cause and do what is asked; return how many goldens were accepted, rejected and left."""
        left = deque(causes)
        number, total = 1, len(causes)
        while left:
            cause = left.popleft()
            self._show(cause, f"[{number}/{total}]", whole=False)
            key = self._decision(cause, f"[{number}/{total}]")
            if key == "q":
                left.appendleft(cause)
                break
            if key == "c":
                number += self._accept_class(cause, left)
                continue
            if key == "u":
                parts = cause.parts()
                left.extendleft(reversed(parts))
                total += len(parts) - 1
                continue
            own = [part for part in cause.parts() if part.own] if _is_many(cause) and key == "a" else []
            self._apply(key, cause.same if own else cause.members)
            left.extendleft(reversed(own))
            total += len(own)
            number += 1
        self.decided["left"] = sum(len(cause.members) for cause in left) + self.decided["skipped"]
        return self.decided

    def _show(self, cause: Cause, place: str, *, whole: bool) -> None:
        self._say("")
        if _is_many(cause):
            for line in summarized(cause, self.paint, place=place, width=self._width()):
                self._say(line)
            self._say("")
            place = "the first:"
        for review in cause.parts()[0].members:
            if self.diff_tool is None:
                for line in described(review, self.paint, place=place, whole=whole, width=self._width()):
                    self._say(line)
            else:
                for line in explained(review, self.paint, place=place, width=self._width()):
                    self._say(line)
                self.out.flush()
                self.diff_tool.show(review.pending)
            self._say("")

    def _width(self) -> int | None:
        return WIDTH if self.out.isatty() else None

    def _decision(self, cause: Cause, place: str) -> str:
        """Ask until the key decides something."""
        while True:
            key = self._key(cause)
            if key == "d":
                self._show(cause, place, whole=True)
            elif (key == "u" and len(cause.members) == 1) or (key == "a" and cause.risk and not self._confirmed()):
                continue
            elif key == "c" and cause.risk:
                self._say("A risk is decided on its own: a accepts this one.")
            elif key in {"a", "r", "s", "c", "u", "q"}:
                return key

    def _key(self, cause: Cause) -> str:
        many = len(cause.parts())
        counted = {"accept"} if many > 1 else set()
        self._say(
            "  ".join(
                f"{self.paint('strong', key)} {what}{f' all {many}' if what in counted else ''}"
                for key, what in _KEYS
                if (key != "u" or many > 1) and (key != "c" or not cause.risk)
            )
        )
        try:
            return self.ask("> ").strip().lower()[:1]
        except (EOFError, KeyboardInterrupt):
            self._say("")
            return "q"

    def _confirmed(self) -> bool:
        try:
            return self.confirm("Accept a risk? Type yes: ").strip().lower() == "yes"
        except (EOFError, KeyboardInterrupt):
            return False

    def _accept_class(self, cause: Cause, left: deque[Cause]) -> int:
        """Accept this cause and every other of exactly its classes, without risks; return how many causes."""
        alike = [cause, *(other for other in left if _is_alike(other, cause))]
        before = self.decided["accepted"]
        for each in alike:
            self._apply("a", each.members)
        kept = [other for other in left if not _is_alike(other, cause)]
        left.clear()
        left.extend(kept)
        self._say(f"{self.decided['accepted'] - before} accepted: {', '.join(_classes(cause))}")
        return len(alike)

    def _apply(self, key: str, members: tuple[Review, ...]) -> None:
        for review in members:
            self._apply_one(key, review)

    def _apply_one(self, key: str, review: Review) -> None:
        if key == "s":
            self.decided["skipped"] += 1
            return
        try:
            (accept if key == "a" else reject)(self.project, review)
        except QuerySnapshotError as error:
            self._say(self.paint("risk", str(error)))
            self.decided["skipped"] += 1
            return
        self.decided["accepted" if key == "a" else "rejected"] += 1

    def _say(self, line: str) -> None:
        self.out.write(line + "\n")


def _is_many(cause: Cause) -> bool:
    return len(cause.parts()) > 1


def _classes(cause: Cause) -> tuple[str, ...]:
    return tuple(sorted({label for review in cause.members for label in review.labels}))


def _is_alike(cause: Cause, other: Cause) -> bool:
    return _classes(cause) == _classes(other) and not cause.risk
