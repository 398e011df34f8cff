"""`query-snapshot show`: one golden with what is known of it, or what waits for review."""

from __future__ import annotations

import argparse
import difflib
import os
import sys
from pathlib import Path

from pytest_query_snapshot.cli.output import DONE, LEFT, project_of, say
from pytest_query_snapshot.errors import NothingMatchedError
from pytest_query_snapshot.goldens.storage.golden_path import goldens_of
from pytest_query_snapshot.goldens.storage.text import parse_leniently, visible
from pytest_query_snapshot.review.accept import Review, reviews
from pytest_query_snapshot.review.diff_tool import DiffTool
from pytest_query_snapshot.review.terminal import WIDTH, Painter, described, explained
from pytest_query_snapshot.sessions.facts import facts_by_golden
from pytest_query_snapshot.settings import Project


def show(options: argparse.Namespace) -> int:
    """Write a golden, or with ``--diff`` the change of it that waits for review."""
    project = project_of(options)
    waiting = reviews(project)
    path = _golden(project, options.golden, {one.pending.golden for one in waiting})
    changes = [one for one in waiting if one.pending.golden == path]
    if options.diff or options.diff_tool:
        _show_changes(changes, options)
        if not changes:
            say(f"{path}: no change is pending.")
        return LEFT if changes else DONE
    facts = facts_by_golden(project.root).get(path)
    if facts is not None:
        details = (("test", facts.test), ("source", facts.source), ("seeds", ", ".join(facts.seeds)))
        for label, value in (("golden", path), *details):
            if value:
                say(f"{label + ':':<8}{value}")
        say("")
    file = project.root / path
    written = visible(parse_leniently(file.read_bytes())) if file.exists() else f"{path}: no golden file yet.\n"
    sys.stdout.write(written)
    return DONE


def _show_changes(changes: list[Review], options: argparse.Namespace) -> None:
    paint = Painter.of(sys.stdout, color=options.color)
    width = WIDTH if sys.stdout.isatty() else None
    for one in changes:
        if options.diff_tool is None:
            for line in described(one, paint, whole=True, width=width):
                say(line)
            continue
        for line in explained(one, paint, width=width):
            say(line)
        DiffTool(options.diff_tool).show(one.pending)


def _golden(project: Project, wanted: str, pending: set[str]) -> str:
    """Return the path of the only golden that is meant: by its whole path, or by a part of it."""
    known = sorted({name.path for name in goldens_of(project.root, project.snapshots)} | pending)
    exact = next((path for path in (wanted, _from_here(project, wanted)) if path in known), None)
    if exact is not None:
        return exact
    found = [path for path in known if wanted and wanted in path]
    if len(found) == 1:
        return found[0]
    near = found[:8] or difflib.get_close_matches(wanted, known, n=3, cutoff=0.3)
    problem = "several goldens match" if found else "no golden matches" if wanted else "name one golden"
    raise NothingMatchedError(option="golden", value=wanted, nearest=tuple(near), problem=problem)


def _from_here(project: Project, wanted: str) -> str:
    """Return the path from the root of the project: a shell completes paths from its own folder."""
    path = Path(os.path.normpath(Path.cwd() / wanted))
    for root in (project.root, project.root.resolve()):
        if path.is_relative_to(root):
            return path.relative_to(root).as_posix()
    return ""
