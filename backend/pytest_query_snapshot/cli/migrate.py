"""`query-snapshot migrate`: rewrite goldens of an older format that differ in nothing else."""

from __future__ import annotations

import argparse

from pytest_query_snapshot.cli.output import DONE, LEFT, project_of, say, write_json
from pytest_query_snapshot.errors import QuerySnapshotError
from pytest_query_snapshot.goldens.storage import text as files
from pytest_query_snapshot.goldens.storage.format_version import (
    CURRENT,
    differs_only_in_format,
    read_version,
    write_version,
)
from pytest_query_snapshot.goldens.storage.golden_path import goldens_of
from pytest_query_snapshot.review.accept import golden_file
from pytest_query_snapshot.review.pending import MIGRATION, Pending, all_pending, clear
from pytest_query_snapshot.sessions.store import module_hash, read_record
from pytest_query_snapshot.settings import Project


def migrate(options: argparse.Namespace) -> int:
    """Rewrite the goldens that the last sessions found equal but for their format, and mark the folder."""
    project = project_of(options)
    if read_version(project.root, project.snapshots) == CURRENT:
        _report(options, [], {}, [], f"The goldens have format {CURRENT} already.")
        return DONE
    rewritten: list[str] = []
    refused: dict[str, str] = {}
    for pending in all_pending(project.root, MIGRATION):
        try:
            _rewrite(project, pending)
        except QuerySnapshotError as error:
            refused[pending.golden] = str(error)
        else:
            rewritten.append(pending.golden)
    left = _unseen(project, rewritten)
    if not left and not refused:
        write_version(project.root, project.snapshots)
    message = f"{len(rewritten)} rewritten."
    if not left and not refused:
        message += f" The goldens have format {CURRENT} now."
    _report(options, rewritten, refused, left, message)
    return LEFT if left or refused else DONE


def _rewrite(project: Project, pending: Pending) -> None:
    path = golden_file(project, pending)
    assert pending.base is not None  # noqa: S101  there is an older golden
    assert pending.received is not None  # noqa: S101
    # the proof is made here once more: the file may have been written by another version of the plugin
    if differs_only_in_format(pending.base, pending.received, kind=pending.kind):
        files.write(path, pending.received)
    clear(project.root, pending.golden, dialect=pending.dialect, folder=MIGRATION)


def _unseen(project: Project, rewritten: list[str]) -> list[str]:
    """Return the goldens that no session compared since their module changed."""
    facts = read_record(project.root)["goldens"]
    found = []
    for name in goldens_of(project.root, project.snapshots):
        fact = facts.get(name.path, {})
        at = module_hash(project.root, str(fact.get("test", "")).partition("::")[0])
        if name.path not in rewritten and at not in fact.get("asked", {}).values():
            found.append(name.path)
    return found


def _report(
    options: argparse.Namespace, rewritten: list[str], refused: dict[str, str], left: list[str], message: str
) -> None:
    if options.json:
        write_json({"rewritten": rewritten, "refused": refused, "not_compared": left})
        return
    for golden, reason in refused.items():
        say(f"{golden}: {reason}")
    say(message)
    if left:
        count = "1 golden was" if len(left) == 1 else f"{len(left)} goldens were"
        say(f"{count} not compared yet, so the format stays {CURRENT - 1} for now:")
        for path in left[:20]:
            say(f"  {path}")
        say(
            "Run the suite on every database, then migrate again; query-snapshot prune lists goldens without test."
        )
