"""Changes of a branch for a pull request on GitHub: a comment by cause, and annotations of goldens with risks.

Texts of goldens are untrusted: everything that comes from one stands in a code span or a fenced block that it
can't close, so that it neither mentions people nor becomes markup; and no line of the comment begins with ``::``,
which the runner would read as a command where the comment is written to its log.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from html import escape

from pytest_query_snapshot.goldens.storage.text import visible
from pytest_query_snapshot.review.causes import Cause
from pytest_query_snapshot.review.counting import counted
from pytest_query_snapshot.review.terminal import unified

MARK = "<!-- query-snapshot -->"
"""The first line of a comment, by which a later run finds it to replace it."""
LONGEST = 60_000
"""GitHub takes comments of 65,536 characters."""
MOST_ANNOTATIONS = 10
"""GitHub shows ten warnings of a step."""
_MOST_GOLDENS = 20
_MOST_LINES = 30


def comment(causes: tuple[Cause, ...]) -> str:
    """Write the comment: a count, then each cause with its details folded; what is too long is counted."""
    goldens = sum(len(cause.members) for cause in causes)
    if not causes:
        return f"{MARK}\n**No golden changed.**\n"
    risks = sum(cause.risk for cause in causes)
    head = (
        f"**{counted(goldens, 'golden')} changed by {counted(len(causes), 'cause')}, {counted(risks, 'risk')}.**"
    )
    lines = [MARK, head, ""]
    length = sum(len(line.encode()) + 1 for line in lines)
    for number, cause in enumerate(causes):
        text = "\n".join(_cause(cause))
        length += len(text.encode("utf-8", "replace")) + 1
        if length > LONGEST:
            rest = counted(len(causes) - number, "more cause")
            lines.append(f"{rest}: run `query-snapshot diff` with the base of this branch.")
            break
        lines.append(text)
    return "\n".join(lines) + "\n"


def _cause(cause: Cause) -> Iterator[str]:
    risk = "<b>risk</b> " if cause.risk else ""
    yield f"<details><summary>{risk}<code>{_inline(cause.title)}</code>: {cause.extent}</summary>"
    yield ""
    goldens = [review.pending.golden for review in cause.members]
    yield from (f"- {code(golden)}" for golden in goldens[:_MOST_GOLDENS])
    if len(goldens) > _MOST_GOLDENS:
        yield f"- and {len(goldens) - _MOST_GOLDENS} more"
    for review in cause.parts()[0].members:
        for change in review.changes:
            if change.risk and change.why_risky:
                yield f"- {code(change.label)}: {code(change.why_risky)}"
        yield ""
        yield from _fenced(unified(review.pending.base, review.pending.received)[:_MOST_LINES])
    yield ""
    yield "</details>"


def _inline(text: str) -> str:
    """Write a text inside HTML on one line, without a sign that Markdown or a mention begins with."""
    line = " ".join(visible(text).split())
    return re.sub(r"[\\`*_\[\]@#~|:!]", lambda sign: f"&#{ord(sign[0])};", escape(line))


def code(text: str) -> str:
    """Write a text as a code span that it can't close."""
    line = " ".join(visible(text).split())
    fence = "`" * (_longest_run(line) + 1)
    return f"{fence} {line} {fence}" if line.startswith("`") or line.endswith("`") else f"{fence}{line}{fence}"


def _fenced(lines: list[str]) -> Iterator[str]:
    fence = "`" * max(3, _longest_run("\n".join(lines)) + 1)
    yield f"{fence}diff"
    # a line of a difference begins with a sign or a space; "..." stands between hunks
    yield from (_inert("".join(line.splitlines())) for line in lines)
    yield fence


def _inert(line: str) -> str:
    """Write a word joiner before what the runner would take for a command: it looks behind white space."""
    text = line.lstrip()
    return f"{line.removesuffix(text)}\u2060{text}" if text.startswith(("::", "##[")) else line


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def warnings_of(causes: Iterable[Cause], *, prefix: str = "") -> Iterator[str]:
    """Return a warning for each risk at the line that changed: one for each cause first, then its other goldens.

    ``prefix`` is the path of the project in the repository, as annotations name files from the top.
    """
    risky = [cause for cause in causes if cause.risk]
    found = [(cause, [review for review in cause.members if review.risk]) for cause in risky]
    ordered = [(cause, members[0], len(members) - 1) for cause, members in found]
    ordered += [(cause, review, 0) for cause, members in found for review in members[1:]]
    for cause, review, others in ordered[:MOST_ANNOTATIONS]:
        pending = review.pending
        more = f" (and in {counted(others, 'more golden')})" if others else ""
        why = next((change.why_risky for change in review.changes if change.why_risky), "")
        facts = {
            "file": f"{prefix}{pending.golden}",
            "line": str(_first_line(pending.base, pending.received)),
            "title": f"risk: {', '.join(review.labels[:3])}",
        }
        named = ",".join(f"{name}={_property(value)}" for name, value in facts.items())
        yield f"::warning {named}::{_message(f'{cause.title}{more}. {why}'.strip())}"


def _first_line(old: str | None, new: str | None) -> int:
    before, after = (old or "").splitlines(), (new or "").splitlines()
    for number, (one, other) in enumerate(zip(before, after, strict=False), start=1):
        if one != other:
            return number
    return max(1, min(len(before) + 1, len(after)))


def _message(text: str) -> str:
    return visible(text).replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def summary_file() -> str:
    """Return the path of the summary of the step that runs, or nothing outside GitHub Actions."""
    return os.environ.get("GITHUB_STEP_SUMMARY", "")
