"""`query-snapshot review`, `list`, `accept` and `reject`: decisions about pending changes."""

from __future__ import annotations

import argparse
import contextlib
import os
import shutil
import sys
from collections import Counter
from typing import Any

from pytest_query_snapshot.cli.output import DONE, FAILED, LEFT, project_of, say, write_json
from pytest_query_snapshot.cli.selection import chosen
from pytest_query_snapshot.review.accept import Review, accept_all
from pytest_query_snapshot.review.accept import reject as reject_one
from pytest_query_snapshot.review.causes import Cause, causes
from pytest_query_snapshot.review.diff_tool import DiffTool
from pytest_query_snapshot.review.keys import key_reader
from pytest_query_snapshot.review.prompt import ReviewPrompt
from pytest_query_snapshot.review.terminal import WIDTH, Painter, listed, summarized
from pytest_query_snapshot.settings import Project


def review(options: argparse.Namespace) -> int:
    """Walk through the selected pending changes, cause by cause."""
    project = project_of(options, wanted="pending")
    selected = chosen(project, options)
    if not selected:
        say("Nothing to review.")
        return DONE
    if options.browser:
        counts = _review_in_browser(project, causes(selected), opens=not options.no_open)
    else:
        prompt = ReviewPrompt(project, key_reader(), sys.stdout, Painter.of(sys.stdout, color=options.color))
        prompt.diff_tool = DiffTool(options.diff_tool) if options.diff_tool else None
        counts = prompt.run(causes(selected))
    say(f"{counts['accepted']} accepted, {counts['rejected']} rejected, {counts['left']} left")
    return LEFT if counts["left"] else DONE


def _review_in_browser(project: Project, found: tuple[Cause, ...], *, opens: bool) -> Counter[str]:
    """Serve the review until it is decided, ended with q, or interrupted here."""
    import webbrowser  # noqa: PLC0415  only for this

    from pytest_query_snapshot.review.browser import BrowserReview  # noqa: PLC0415  an HTTP server, only for this
    from pytest_query_snapshot.review.decisions import ReviewQueue  # noqa: PLC0415

    queue = ReviewQueue(project, [*found])
    server = BrowserReview(queue, title=f"Review of {project.root.resolve().name}")
    say(f"Review: {server.url}")
    say("The link is good for one visit. The review ends when all is decided, with q on the page, or with Ctrl-C.")
    sys.stdout.flush()
    if opens:
        webbrowser.open(server.url)
    with contextlib.suppress(KeyboardInterrupt):
        server.wait()
    for reason in queue.refused:
        sys.stderr.write(f"query-snapshot: {reason}\n")
    return queue.decided + Counter(left=queue.count_left())


def list_pending(options: argparse.Namespace) -> int:
    """List the causes of the selected pending changes, risks first; ``--unfold`` lists every golden."""
    selected = chosen(project_of(options, wanted="pending"), options)
    found = causes(selected)
    if options.json:
        write_json([as_json(one, cause) for cause in found for one in cause.members])
        return LEFT if selected else DONE
    paint = Painter.of(sys.stdout, color=options.color)
    width = output_width()
    for cause in found:
        for line in summarized(cause, paint, width=width, unfold=options.unfold):
            say(line)
    say(_count_line(selected, found) if selected else "Nothing is pending.")
    return LEFT if selected else DONE


def _count_line(selected: tuple[Review, ...], found: tuple[Cause, ...]) -> str:
    of_causes = (
        f" of {len(found)} {'cause' if len(found) == 1 else 'causes'}" if len(found) < len(selected) else ""
    )
    return f"{len(selected)} pending{of_causes}, {sum(one.risk for one in selected)} of them risks"


def accept(options: argparse.Namespace) -> int:
    """Accept what is selected; a risk only when its golden, or its cause, is named."""
    project = project_of(options, wanted="pending")
    selected = chosen(project, options, needed=True)
    by_cause = [one.pending.golden for one in selected] if options.causes else []
    result = accept_all(project, selected, named={*options.golden, *by_cause})
    status = _report(options, {"accepted": result.accepted, "left": result.left}, refused=result.refused)
    return FAILED if result.refused else status


def reject(options: argparse.Namespace) -> int:
    """Forget what is selected; the goldens stay as they are."""
    project = project_of(options, wanted="pending")
    selected = chosen(project, options, needed=True)
    for one in selected:
        reject_one(project, one)
    return _report(options, {"rejected": [*selected], "left": []})


def _report(options: argparse.Namespace, decided: dict[str, Any], *, refused: Any = ()) -> int:
    """Print what became of the selected changes; what was refused is printed with its reason."""
    if options.json:
        reasons = {"refused": {one.pending.golden: str(error) for one, error in refused}} if refused else {}
        write_json({name: [one.pending.golden for one in found] for name, found in decided.items()} | reasons)
    else:
        paint = Painter.of(sys.stdout, color=options.color)
        for one in decided["left"]:
            say(listed(one, paint, width=output_width()))
        say(", ".join(f"{len(found)} {name}" for name, found in decided.items()))
        if decided["left"]:
            say("Risks, and what was compared with them, are accepted by name: query-snapshot review,")
            say("or accept with --cause, or with the whole path of the golden.")
    for _, error in refused:
        sys.stderr.write(f"query-snapshot: {error}\n")
    return LEFT if decided["left"] else DONE


def as_json(one: Review, cause: Cause | None = None) -> dict[str, Any]:
    """Return a pending change for scripts."""
    pending = one.pending
    return {
        "golden": pending.golden,
        "test": pending.test,
        "kind": pending.kind,
        "dialect": pending.dialect,
        "seeds": pending.seeds,
        "classes": one.labels,
        "risk": one.risk,
        "held": one.held,
        "changes": [change.as_json() for change in one.changes],
    } | ({} if cause is None else {"cause": cause.id, "cause_title": cause.title})


def output_width() -> int | None:
    """Return the width to cut lines to: that of the terminal; None for a pipe, in which nothing is cut."""
    if not sys.stdout.isatty():
        return None
    return shutil.get_terminal_size((int(os.environ.get("COLUMNS", WIDTH)), 24)).columns
