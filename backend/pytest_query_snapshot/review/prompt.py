"""The interactive review: one cause after the other, one key each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

from pytest_query_snapshot.review.causes import Cause
from pytest_query_snapshot.review.decisions import ReviewQueue, cause_key, classes_of
from pytest_query_snapshot.review.diff_tool import DiffTool
from pytest_query_snapshot.review.terminal import WIDTH, Painter, described, explained, summarized
from pytest_query_snapshot.settings import Project

_ACTIONS = {"a": "accept", "r": "reject", "s": "skip", "c": "class", "u": "unfold"}
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
        queue = ReviewQueue(self.project, [*causes])
        done = 0
        while queue.left:
            cause = queue.left[0]
            place = f"[{done + 1}/{done + len(queue.left)}]"
            self._show(cause, place, whole=False)
            key = self._decision(cause, place)
            if key == "q":
                break
            done += self._decide(queue, _ACTIONS[key], cause)
        self.decided = queue.decided
        self.decided["left"] = queue.count_left()
        return self.decided

    def _decide(self, queue: ReviewQueue, action: str, cause: Cause) -> int:
        """Decide a cause; return how many causes that settles."""
        accepted, refused = queue.decided["accepted"], len(queue.refused)
        settled = len(queue.alike(cause)) if action == "class" else int(action != "unfold")
        confirmation = queue.decide(action, cause_key(cause))
        if confirmation:  # a risk, which the key was confirmed for
            queue.decide(action, cause_key(cause), confirmation=confirmation)
        for reason in queue.refused[refused:]:
            self._say(self.paint("risk", reason))
        if action == "class":
            self._say(f"{queue.decided['accepted'] - accepted} accepted: {', '.join(classes_of(cause))}")
        return settled

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
        """Prompt until the key decides something."""
        while True:
            key = self._key(cause)
            if key == "d":
                self._show(cause, place, whole=True)
            elif (key == "u" and not _is_many(cause)) or (key == "a" and cause.risk and not self._confirmed()):
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
            answer = self.confirm("Accept a risk? Type yes: ").strip().lower()
        except (EOFError, KeyboardInterrupt):
            return False
        if answer != "yes":
            self._say("Not accepted: the whole word yes is needed.")
        return answer == "yes"

    def _say(self, line: str) -> None:
        self.out.write(line + "\n")


def _is_many(cause: Cause) -> bool:
    return len(cause.parts()) > 1
