"""The commands; each takes the parsed options and returns the exit status."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.cli.decide import as_json
from pytest_query_snapshot.cli.output import DONE, LEFT, project_of, say, write_json
from pytest_query_snapshot.determinism.ties import ties as find_ties
from pytest_query_snapshot.determinism.variations import dependent_tests
from pytest_query_snapshot.goldens.storage.golden_index import catalogue
from pytest_query_snapshot.review.accept import (
    reviews,
)
from pytest_query_snapshot.review.causes import Cause, causes
from pytest_query_snapshot.review.git import changed_between, describe_commit, path_in_repository, summary
from pytest_query_snapshot.review.github import comment, summary_file, warnings_of
from pytest_query_snapshot.review.html import page
from pytest_query_snapshot.sessions.facts import facts_by_golden
from pytest_query_snapshot.sessions.store import read_record
from pytest_query_snapshot.settings import Project, find_project
from pytest_query_snapshot.state_folder import make_state_folder

REPORT = "report.html"


def diff(options: argparse.Namespace) -> int:
    """Summarise what changed in the goldens between two revisions."""
    project = project_of(options)
    found = changed_between(project, options.old, options.new)
    if options.html:
        what = f"Goldens: {options.old} to {options.new or 'the working tree'}"
        entries = catalogue(project, facts_by_golden(project.root))
        text = page(entries, found, title=what, footer="", nothing_changed="No golden changed.", waiting=False)
        write_text(options.html, text)
    if options.json:
        write_json([as_json(one) for one in found])
    elif options.format == "github":
        _write_for_github(project, causes(found), options.output)
    else:
        _write(summary(found), options.output)
    return DONE


def _write(text: str, target: Path | None) -> None:
    if target is None:
        sys.stdout.write(text)
    else:
        write_text(target, text)


def _write_for_github(project: Project, found: tuple[Cause, ...], target: Path | None) -> None:
    """Write the comment to the summary of the step, the file, or else here; annotations always go to the log."""
    text = comment(found)
    summary_of_step = summary_file()
    if summary_of_step:  # other commands of the step write to it as well
        with Path(summary_of_step).open("a", encoding="utf-8", errors="replace") as stream:
            stream.write(text)
    if target is not None or not summary_of_step:
        _write(text, target)
    for line in warnings_of(found, prefix=path_in_repository(project)):
        say(line)


def determinism(options: argparse.Namespace) -> int:
    """Run the suite under every variation and name the tests that depend on one."""
    found = {}
    # a suite runs where its settings are, also where runs left files in a folder above
    root = find_project((options.root or Path.cwd()).resolve()).root
    for variation, tests in dependent_tests(root, options.arguments, repeat=options.repeat):
        found[variation.name] = tests
        if not options.json:
            count = {0: "no test depends", 1: "1 test depends"}.get(len(tests), f"{len(tests)} tests depend")
            say(f"{variation.name}: {count} on it")
            for test in tests:
                say(f"  {test}")
    if options.json:
        write_json(found)
    return LEFT if any(found.values()) else DONE


def seed(options: argparse.Namespace) -> int:
    """Write a seed from rows of a live database."""
    from pytest_query_snapshot.cli.seed import write_seed  # noqa: PLC0415  no other command needs a database

    return write_seed(options)


def ties(options: argparse.Namespace) -> int:
    """List the goldens whose query leaves some rows in any order: the query, its sort key, the rows."""
    project = project_of(options)
    found = [*find_ties(catalogue(project, facts_by_golden(project.root)))]
    if options.json:
        write_json([tie.as_json() for tie in found])
        return DONE
    for tie in found:
        for line in tie.lines():
            say(line)
    count = "1 golden holds" if len(found) == 1 else f"{len(found)} goldens hold"
    say(f"{count} rows that their ORDER BY does not distinguish." if found else "No golden holds ties.")
    return DONE


def report(options: argparse.Namespace) -> int:
    """Write the page and say where it is."""
    project = project_of(options)
    target = options.output or make_state_folder(project.root) / REPORT
    write_report(project, target)
    say(f"report: {_shown(target)}")
    return DONE


def write_report(project: Project, target: Path) -> None:
    """Write the page of a project: what is pending, and every golden."""
    entries = catalogue(project, facts_by_golden(project.root))
    count = sum(len(entry.goldens) for entry in entries)
    footer = f"{count} goldens of {len(entries)} comparisons in {project.snapshots}."
    title = f"Goldens of {project.root.resolve().name}"
    write_text(target, page(entries, reviews(project), title=title, footer=footer, run=_last_run(project)))


def _last_run(project: Project) -> str:
    """Describe the commit of the goldens, and when and on which databases they were last compared."""
    facts = read_record(project.root)["goldens"].values()
    databases = sorted({dialect for fact in facts for dialect in fact.get("asked", ())})
    last = max((fact["last"] for fact in facts if isinstance(fact.get("last"), int | float)), default=None)
    commit = describe_commit(project)
    parts = [f"commit {commit}"] if commit else []
    if last is not None:
        parts.append(f"last run {datetime.fromtimestamp(last, UTC):%Y-%m-%d %H:%M} UTC")
    if databases:
        parts.append(f"compared on {', '.join(databases)}")
    return "; ".join(parts)


def _shown(path: Path) -> str:
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
