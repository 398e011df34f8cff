"""`query-snapshot prune`: list the goldens whose test is gone, and delete them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from pytest_query_snapshot.atomic_write import remove
from pytest_query_snapshot.cli.output import DONE, LEFT, project_of, say, write_json
from pytest_query_snapshot.errors import GoldenInUseError
from pytest_query_snapshot.sessions.orphans import Orphans, orphans


def prune(options: argparse.Namespace) -> int:
    """List the goldens whose test is gone; delete them with ``--yes``."""
    project = project_of(options)
    judged = orphans(project)
    found = _named_orphans(judged, options.golden) if options.golden else judged.paths
    if options.yes:
        for path in found:
            remove(project.root / path)
    if options.json:
        write_json({"deleted" if options.yes else "orphans": [*found], "not_proved": dict(judged.unproved)})
        return DONE if options.yes or not found else LEFT
    for path in found:
        say(path)
    if not options.golden:
        _say_unproved(judged.unproved)
    if not found:
        say("Nothing to prune." if judged.unproved else "Every golden belongs to a test.")
    elif options.yes:
        say(f"{len(found)} deleted.")
    else:
        count = "1 golden belongs" if len(found) == 1 else f"{len(found)} goldens belong"
        say(f"{count} to no test; query-snapshot prune --yes deletes {'it' if len(found) == 1 else 'them'}.")
    return DONE if options.yes or not found else LEFT


def _named_orphans(judged: Orphans, paths: Sequence[str]) -> tuple[str, ...]:
    """Return the goldens named by their whole paths, unless a test uses one of them."""
    for path in paths:
        if path not in judged.paths and path not in judged.unproved:
            raise GoldenInUseError(golden=path)
    return tuple(paths)


def _say_unproved(unproved: Mapping[str, str]) -> None:
    reasons: dict[str, list[str]] = {}
    for path, reason in unproved.items():
        reasons.setdefault(reason, []).append(path)
    for reason, paths in reasons.items():
        say(f"Not proved, {reason}:")
        for path in paths:
            say(f"  {path}")
    if unproved:
        say("These stay; query-snapshot prune --yes PATH.. deletes the ones you name.")
