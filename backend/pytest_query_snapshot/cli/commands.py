"""What the commands do; each takes the parsed options and returns the exit status."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from pytest_query_snapshot.atomic_write import remove, write_text
from pytest_query_snapshot.determinism.ties import ties as find_ties
from pytest_query_snapshot.determinism.variations import dependent_tests
from pytest_query_snapshot.errors import NothingSelectedError
from pytest_query_snapshot.goldens.golden_index import catalogue
from pytest_query_snapshot.review.accept import (
    Review,
    Selector,
    accept_all,
    reviews,
)
from pytest_query_snapshot.review.accept import reject as reject_one
from pytest_query_snapshot.review.git import changed_between, summary
from pytest_query_snapshot.review.html import page
from pytest_query_snapshot.review.prompt import Walk
from pytest_query_snapshot.review.terminal import Painter, listed
from pytest_query_snapshot.sessions.facts import facts_by_golden
from pytest_query_snapshot.sessions.orphans import orphans
from pytest_query_snapshot.settings import Project, find_project

REPORT = Path(".query_snapshot") / "report.html"

_DONE, _LEFT, _FAILED = 0, 1, 2


def review(options: argparse.Namespace) -> int:
    """Walk through the selected pending changes."""
    project = _project(options)
    chosen = _chosen(project, options)
    if not chosen:
        _say("Nothing to review.")
        return _DONE
    walk = Walk(project, input, sys.stdout, Painter.of(sys.stdout, color=options.color))
    counts = walk.through(chosen)
    _say(f"{counts['accepted']} accepted, {counts['rejected']} rejected, {counts['left']} left")
    return _LEFT if counts["left"] else _DONE


def list(options: argparse.Namespace) -> int:  # noqa: A001  named as the command
    """List the selected pending changes, risks first."""
    chosen = _chosen(_project(options), options)
    if options.json:
        _json([_as_json(one) for one in chosen])
        return _LEFT if chosen else _DONE
    paint = Painter.of(sys.stdout, color=options.color)
    for one in chosen:
        _say(listed(one, paint))
    _say(
        f"{len(chosen)} pending, {sum(one.risk for one in chosen)} of them risks"
        if chosen
        else "Nothing is pending."
    )
    return _LEFT if chosen else _DONE


def accept(options: argparse.Namespace) -> int:
    """Accept what is selected; a risk only when its golden is named by its whole path."""
    project = _project(options)
    chosen = _chosen(project, options, needed=True)
    decided = accept_all(project, chosen, named=options.golden)
    status = _told(options, {"accepted": decided.accepted, "left": decided.left}, refused=decided.refused)
    return _FAILED if decided.refused else status


def reject(options: argparse.Namespace) -> int:
    """Forget what is selected; the goldens stay as they are."""
    project = _project(options)
    chosen = _chosen(project, options, needed=True)
    for one in chosen:
        reject_one(project, one)
    return _told(options, {"rejected": [*chosen], "left": []})


def prune(options: argparse.Namespace) -> int:
    """List the goldens that no test asks for; delete them when told to."""
    project = _project(options)
    judged = orphans(project)
    found = judged.paths
    if options.yes:
        for path in found:
            remove(project.root / path)
    if options.json:
        _json({"deleted" if options.yes else "orphans": [*found], "not_judged": dict(judged.unproved)})
        return _DONE if options.yes or not found else _LEFT
    for path in found:
        _say(path)
    for dialect, reason in judged.unproved.items():
        _say(f"Not judged: goldens of {dialect}, and shared ones: {reason} there.")
    if not found:
        _say("Nothing to prune." if judged.unproved else "Every golden belongs to a test.")
    elif options.yes:
        _say(f"{len(found)} deleted.")
    else:
        _say(f"{len(found)} goldens belong to no test; query-snapshot prune --yes deletes them.")
    return _DONE if options.yes or not found else _LEFT


def diff(options: argparse.Namespace) -> int:
    """Summarise what changed in the goldens between two revisions."""
    project = _project(options)
    found = changed_between(project, options.old, options.new)
    if options.html:
        what = f"Goldens: {options.old} to {options.new or 'the working tree'}"
        entries = catalogue(project, facts_by_golden(project.root))
        text = page(entries, found, title=what, footer="", nothing_changed="No golden changed.", waiting=False)
        write_text(options.html, text)
    if options.json:
        _json([_as_json(one) for one in found])
    else:
        sys.stdout.write(summary(found))
    return _DONE


def determinism(options: argparse.Namespace) -> int:
    """Run the suite under every variation and name the tests that depend on one."""
    found = {}
    for variation, tests in dependent_tests(_project(options).root, options.arguments):
        found[variation.name] = tests
        if not options.json:
            _say(f"{variation.name}: {f'{len(tests)} tests depend on it' if tests else 'no test depends on it'}")
            for test in tests:
                _say(f"  {test}")
    if options.json:
        _json(found)
    return _LEFT if any(found.values()) else _DONE


def ties(options: argparse.Namespace) -> int:
    """List the goldens whose query leaves some rows in any order: the query, its sort key, the rows."""
    project = _project(options)
    found = [*find_ties(catalogue(project, facts_by_golden(project.root)))]
    if options.json:
        _json([tie.as_json() for tie in found])
        return _DONE
    for tie in found:
        for line in tie.lines():
            _say(line)
    _say(
        f"{len(found)} goldens hold rows that their ORDER BY does not tell apart."
        if found
        else "No golden holds ties."
    )
    return _DONE


def report(options: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    project = _project(options)
    target = options.output or project.root / REPORT
    write_report(project, target)
    _say(f"report: {_shown(target)}")
    return _DONE


def write_report(project: Project, target: Path) -> None:
    """Write the page of a project: what is pending, and every golden."""
    entries = catalogue(project, facts_by_golden(project.root))
    count = sum(len(entry.goldens) for entry in entries)
    footer = f"{count} goldens of {len(entries)} comparisons in {project.snapshots}."
    write_text(
        target, page(entries, reviews(project), title=f"Goldens of {project.root.resolve().name}", footer=footer)
    )


def _project(options: argparse.Namespace) -> Project:
    return find_project((options.root or Path()).resolve())


def _chosen(project: Project, options: argparse.Namespace, *, needed: bool = False) -> tuple[Review, ...]:
    selector = Selector(
        classes=tuple(options.classes),
        tests=tuple(options.tests),
        dialects=tuple(options.dialects),
        goldens=tuple(options.golden),
    )
    if needed and selector == Selector() and not options.all:
        raise NothingSelectedError
    return tuple(one for one in reviews(project) if selector.takes(one))


def _told(options: argparse.Namespace, decided: dict[str, Any], *, refused: Any = ()) -> int:
    """Say what became of the selected changes; what was refused is told with its reason."""
    if options.json:
        reasons = {"refused": {one.pending.golden: str(error) for one, error in refused}} if refused else {}
        _json({name: [one.pending.golden for one in found] for name, found in decided.items()} | reasons)
    else:
        paint = Painter.of(sys.stdout, color=options.color)
        for one in decided["left"]:
            _say(listed(one, paint))
        _say(", ".join(f"{len(found)} {name}" for name, found in decided.items()))
        if decided["left"]:
            _say("Risks are accepted one by one: query-snapshot review, or accept with the path of the golden.")
    for _, error in refused:
        sys.stderr.write(f"query-snapshot: {error}\n")
    return _LEFT if decided["left"] else _DONE


def _as_json(one: Review) -> dict[str, Any]:
    pending = one.pending
    return {
        "golden": pending.golden,
        "test": pending.test,
        "kind": pending.kind,
        "dialect": pending.dialect,
        "seeds": pending.seeds,
        "classes": one.labels,
        "risk": one.risk,
        "changes": [change.as_json() for change in one.changes],
    }


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def _json(value: Any) -> None:
    sys.stdout.write(json.dumps(value, indent=1, ensure_ascii=False) + "\n")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
