"""Changes as text for a terminal of 80 columns, with or without colour."""

from __future__ import annotations

import difflib
import os
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TextIO

from pytest_query_snapshot.goldens.storage.text import visible
from pytest_query_snapshot.review.accept import Review
from pytest_query_snapshot.review.causes import Cause
from pytest_query_snapshot.sql.diff.change import Change

WIDTH = 80
_MOST_LINES = 40
_ALL = 1_000_000

_CODES = {"risk": "1;31", "loss": "31", "gain": "32", "class": "33", "soft": "2", "strong": "1"}


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints words where the terminal can, and never says anything by colour alone."""

    on: bool = False

    @classmethod
    def of(cls, stream: TextIO, *, color: str = "auto") -> Painter:
        """Decide by the option, then NO_COLOR, then whether ``stream`` is a terminal."""
        if color != "auto":
            return cls(color == "always")
        return cls(stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb")

    def __call__(self, kind: str, text: str) -> str:
        """Return ``text`` in the colour of ``kind``."""
        return f"\x1b[{_CODES[kind]}m{text}\x1b[0m" if self.on else text


def shortened(text: str, width: int) -> str:
    """Cut the middle out of a text that is too long: both ends of a path say where it is."""
    if len(text) <= width:
        return text
    kept = width - 3
    return f"{text[: kept // 2]}...{text[len(text) - (kept - kept // 2) :]}"


def listed(review: Review, paint: Painter, *, width: int | None = None) -> str:
    """Write one pending change on one line, of any width or of a terminal's."""
    mark = _mark(review.risk, paint, held=review.held)
    first = review.labels[0] if review.labels else "equal"
    more = f" +{len(review.labels) - 1}" if len(review.labels) > 1 else ""
    label = f"{first}{more}"
    golden = visible(review.pending.golden)
    path = golden if width is None else shortened(golden, width - 31)
    return f"{mark}{paint('class', f'{label:<25}')} {path}"


def summarized(
    cause: Cause, paint: Painter, *, place: str = "", width: int | None = WIDTH, unfold: bool = False
) -> Iterator[str]:
    """Return a cause in two lines: the edit with its id, then how many goldens changed, and where."""
    mark = _mark(cause.risk, paint, held=any(review.held for review in cause.members))
    title = visible(f"{place} {cause.title}".strip())
    title = title if width is None else shortened(title, width - 15)
    yield f"{mark}{paint('soft', cause.id)}  {paint('class', title)}"
    goldens = [visible(review.pending.golden) for review in cause.members]
    shown = goldens if unfold else goldens[:1]
    for at, golden in enumerate(shown):
        more = f", and {len(goldens) - 1} more" if not unfold and len(goldens) > 1 else ""
        extent = f"{cause.extent}: " if not at and not unfold and len(goldens) > 1 else ""
        path = golden if width is None else _fitting(golden, max(width - 15 - len(extent) - len(more), 20))
        yield f"{' ' * 13}{extent}{path}{more}"
    if cause.own and cause.same:
        yield f"{' ' * 13}{len(cause.own)} of these comparisons changed in more than that; decide them one by one"


def _fitting(path: str, width: int) -> str:
    """Return a path, or the end of it from a folder on, or the shortened name of its file."""
    parts = path.split("/")
    ends = [path, *("/".join(("...", *parts[at:])) for at in range(1, len(parts)))]
    return next((end for end in ends if len(end) <= width), shortened(parts[-1], width))


def _mark(risk: bool, paint: Painter, *, held: bool) -> str:
    return paint("risk", "RISK ") if risk else "held " if held else "     "


def described(
    review: Review, paint: Painter, *, place: str = "", whole: bool = False, width: int | None = WIDTH
) -> Iterator[str]:
    """Write a pending change with its test, seeds, classes and difference; without a width, nothing is cut."""
    yield from explained(review, paint, place=place, width=width)
    yield from difference(review.pending.base, review.pending.received, paint, whole=whole, width=width)


def explained(review: Review, paint: Painter, *, place: str = "", width: int | None = WIDTH) -> Iterator[str]:
    """Write a pending change with its test, seeds and classes, for a tool that shows the difference."""
    pending = review.pending
    head = f"{'RISK  ' if review.risk else ''}{place} {', '.join(review.labels) or 'equal'}".strip()
    yield paint("risk" if review.risk else "strong", head if width is None else shortened(head, width))
    facts = [("golden", pending.golden), ("test", pending.test), ("seeds", ", ".join(pending.seeds))]
    for label, value in (*facts, ("asks", pending.about)):
        if value:
            yield from _wrapped(value, first=f"  {label:<7} ", rest=" " * 10, width=width)
    yield ""
    for change in sorted(review.changes, key=lambda change: not change.risk):
        yield from _change(change, paint, width=width)
    yield ""


def _wrapped(text: str, *, first: str, rest: str, width: int | None) -> list[str]:
    text = visible(text)
    if width is None:
        return [f"{first}{' '.join(text.split())}"]
    wrapped = textwrap.wrap(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_on_hyphens=False,
        drop_whitespace=True,
    )
    return wrapped or [first.rstrip()]


def _change(change: Change, paint: Painter, *, width: int | None) -> Iterator[str]:
    where = f" in {change.where}" if change.where else ""
    mark = "! " if change.risk else "  "
    for number, line in enumerate(_wrapped(f"{change.label}{where}", first=mark, rest="    ", width=width)):
        yield paint("risk" if change.risk else "class", line) if not number else line
    if change.why_risky:
        yield from _wrapped(change.why_risky, first="    ", rest="    ", width=width)
    if len(change.old) + len(change.new) < 4 * WIDTH:
        if change.old:
            lines = _wrapped(change.old, first="    - ", rest="      ", width=width)
            yield from (paint("loss", line) for line in lines)
        if change.new:
            lines = _wrapped(change.new, first="    + ", rest="      ", width=width)
            yield from (paint("gain", line) for line in lines)


def difference(
    old: str | None, new: str | None, paint: Painter, *, whole: bool = False, width: int | None = WIDTH
) -> Iterator[str]:
    """Write the lines that went and came, with a little of what surrounds them, or with all of it."""
    lines = unified(old, new, context=_ALL) if whole else unified(old, new)
    shown = lines if whole else lines[:_MOST_LINES]
    for line in shown:
        kind = {"+": "gain", "-": "loss"}.get(line[:1], "soft")
        for piece in _pieces(line, width):
            yield ("  " + paint(kind, piece.rstrip())).rstrip()
    if len(lines) > len(shown):
        yield paint("soft", f"  ... {len(lines) - len(shown)} more lines; d shows them")


def _pieces(line: str, width: int | None) -> list[str]:
    if width is None:
        return [line]
    return textwrap.wrap(line, width - 2, subsequent_indent="    ", drop_whitespace=False) or [line]


def unified(old: str | None, new: str | None, *, context: int = 2) -> list[str]:
    """Return the lines of a unified difference, without file names and line numbers."""
    before, after = (visible(text or "").splitlines() for text in (old, new))
    lines = list(difflib.unified_diff(before, after, lineterm="", n=context))[2:]
    return ["..." if line.startswith("@@") else line for line in lines][1 if lines else 0 :]
