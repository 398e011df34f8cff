"""`query-snapshot resolve`: run the tests of goldens with conflict markers, leave one change each for review."""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.cli.output import DONE, LEFT, project_of, say, write_json
from pytest_query_snapshot.errors import ConflictMarkersError, GoldenError, NotUtf8Error, SuiteNotRunError
from pytest_query_snapshot.goldens.storage import text as files
from pytest_query_snapshot.goldens.storage.golden_path import GoldenName, goldens_of
from pytest_query_snapshot.goldens.storage.merge_conflict import text_of_current_branch
from pytest_query_snapshot.review.pending import all_pending
from pytest_query_snapshot.sessions.store import read_record
from pytest_query_snapshot.settings import Project


@dataclass(frozen=True, slots=True)
class _Conflict:
    """A golden with conflict markers, its bytes, and the tests that may compare it."""

    name: GoldenName
    raw: str
    tests: tuple[str, ...]


def resolve(options: argparse.Namespace) -> int:
    """Take our side of each conflict, compare it with what the merged code gives, and leave the difference."""
    project = project_of(options)
    started = time.time()
    conflicts = _conflicts(project)
    try:
        for conflict in conflicts:
            write_text(project.root / conflict.name.path, text_of_current_branch(conflict.raw))
        for database in sorted({conflict.name.dialect for conflict in conflicts}):
            _run(
                project, [each for each in conflicts if each.name.dialect == database], database, options.arguments
            )
    finally:
        compared = _compared_since(project, started)
        for conflict in conflicts:
            if conflict.name.path not in compared:
                write_text(project.root / conflict.name.path, conflict.raw)
    waiting = {pending.golden for pending in all_pending(project.root)}
    changed = [each.name.path for each in conflicts if each.name.path in compared & waiting]
    equal = [each.name.path for each in conflicts if each.name.path in compared - waiting]
    left = [each.name.path for each in conflicts if each.name.path not in compared]
    _report(options, {"pending": changed, "resolved": equal, "not_compared": left})
    return LEFT if changed or left else DONE


def _conflicts(project: Project) -> list[_Conflict]:
    facts = read_record(project.root)["goldens"]
    found = []
    for name in goldens_of(project.root, project.snapshots):
        path = project.root / name.path
        try:
            files.read(path)
        except ConflictMarkersError:
            test = str(facts.get(name.path, {}).get("test", ""))
            found.append(_Conflict(name, _decoded(path), (test,) if test else _modules(project, name)))
        except GoldenError:
            continue
    return found


def _decoded(path: Path) -> str:
    """Read a file with its line ends, so that a conflict that stays is as it was."""
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(path=path, offset=error.start) from error


def _modules(project: Project, name: GoldenName) -> tuple[str, ...]:
    """Return the modules that a golden may belong to, where no session has recorded its test."""
    below = name.module.removeprefix(f"{project.snapshots}/")
    places = (Path(project.tests) / below, Path(below))
    paths = dict.fromkeys(f"{place.as_posix()}.py" for place in places)
    return tuple(path for path in paths if (project.root / path).is_file())


def _run(project: Project, conflicts: Sequence[_Conflict], database: str, arguments: Sequence[str]) -> None:
    """Run the tests on the database of their goldens; shared goldens run on the default one."""
    tests = [test for conflict in conflicts for test in conflict.tests]
    tests = [test for test in dict.fromkeys(tests) if (project.root / test.partition("::")[0]).is_file()]
    if not tests:
        return
    on = ("--database", database) if database == "postgresql" else ()
    # the first failing test must not keep the others from comparing
    command = [sys.executable, "-m", "pytest", "-q", "--compare-all", "--maxfail=0", *on, *arguments]
    done = _pytest(project, [*command, *tests])
    if done.returncode == _USAGE_ERROR:  # a recorded test is gone: one branch has another name for it
        done = _pytest(project, [*command, *dict.fromkeys(test.partition("::")[0] for test in tests)])
    if done.returncode not in {0, 1, _NO_TESTS}:
        shown = " ".join([*command[1:], *tests])
        raise SuiteNotRunError(command=shown, output=done.stdout[-800:] + done.stderr[-800:])


_USAGE_ERROR, _NO_TESTS = 4, 5
"""Exit statuses of pytest."""


def _pytest(project: Project, command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603
        command, cwd=project.root, capture_output=True, text=True, errors="replace", check=False
    )


def _compared_since(project: Project, started: float) -> set[str]:
    goldens = read_record(project.root)["goldens"]
    return {path for path, fact in goldens.items() if fact.get("last", 0) >= started}


def _report(options: argparse.Namespace, found: Mapping[str, Sequence[str]]) -> None:
    if options.json:
        write_json(found)
        return
    words = {
        "pending": "waits for review: query-snapshot review",
        "resolved": "resolved: our side is what the code gives",
        "not_compared": "still conflicted: no test compared it; delete it if its test is gone",
    }
    for kind, paths in found.items():
        for path in paths:
            say(f"{path}: {words[kind]}")
    if not any(found.values()):
        say("No golden has conflict markers.")
