"""Changes of a branch in the goldens: the same changes as in a review, read from git."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from pytest_query_snapshot.errors import RevisionUnknownError
from pytest_query_snapshot.goldens.storage.golden_path import golden_name
from pytest_query_snapshot.goldens.storage.text import parse_leniently, visible
from pytest_query_snapshot.review.accept import Review, hold_with_risks, review_of
from pytest_query_snapshot.review.counting import counted
from pytest_query_snapshot.review.github import code
from pytest_query_snapshot.review.pending import Pending
from pytest_query_snapshot.settings import Project

_MOST_NAMED = 12


def changed_between(project: Project, old: str, new: str | None) -> tuple[Review, ...]:
    """Classify the goldens that differ from ``old`` to ``new``; None is the working tree. Risks come first."""
    names = _changed_paths(project, old, new)
    before = _contents(project, old, names)
    after = _contents(project, new, names) if new is not None else _files(project.root, names)
    found = []
    for path in sorted(names):
        name = golden_name(path)
        if name is not None and before[path] != after[path]:
            pending = Pending(
                path, f"{name.module}::{name.test}", name.kind, name.dialect, before[path], after[path]
            )
            found.append(review_of(pending, project))
    return hold_with_risks(found)


def _changed_paths(project: Project, old: str, new: str | None) -> list[str]:
    revisions = [_resolved(project, old)] + ([_resolved(project, new)] if new else [])
    options = ["diff", "--name-only", "--no-renames", "--relative", "-z", *revisions, "--", project.snapshots]
    names = set(_git(project, *options).split("\0"))
    if new is None:
        options = ["ls-files", "--others", "--exclude-standard", "-z", "--", project.snapshots]
        names |= set(_git(project, *options).split("\0"))
    return sorted(names - {""})


def path_in_repository(project: Project) -> str:
    """Return the path of the project from the top of its repository, with a slash at its end; empty at the top."""
    return _git(project, "rev-parse", "--show-prefix").strip()


def describe_commit(project: Project) -> str:
    """Return the commit that is checked out and its date, such as ``4f08087 of 2026-11-29``; empty without git."""
    try:
        return _git(project, "show", "--no-patch", "--format=%h of %cs", "HEAD").strip()
    except RevisionUnknownError:
        return ""


def _resolved(project: Project, revision: str) -> str:
    """Name the commit; a revision that looks like an option is none."""
    return _git(project, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}").strip()


def _git(project: Project, *arguments: str) -> str:
    try:
        done = subprocess.run(  # noqa: S603  arguments are a list, and revisions are resolved first
            ["git", "-C", str(project.root), *arguments],  # noqa: S607  git is wherever the user has it
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise RevisionUnknownError(revision=arguments[-1], reason=str(error)) from error
    if done.returncode:
        reason = done.stderr.decode("utf-8", "replace").strip() or "no such revision"
        raise RevisionUnknownError(revision=arguments[-1].removesuffix("^{commit}"), reason=reason)
    return os.fsdecode(done.stdout)  # a path need not be UTF-8


def _contents(project: Project, revision: str, names: Iterable[str]) -> dict[str, str | None]:
    """Read files of a revision in one go: by the names of their contents, as a path may hold a line feed."""
    names = list(names)
    listed = _git(project, "ls-tree", "-r", "-z", _resolved(project, revision), "--", project.snapshots)
    blobs: dict[str, str] = {}
    for entry in filter(None, listed.split("\0")):
        facts, _, path = entry.partition("\t")
        _, kind, blob = facts.split(" ")
        if kind == "blob":
            blobs[path] = blob
    wanted = "".join(f"{blobs[name]}\n" for name in names if name in blobs)
    done = subprocess.run(  # noqa: S603  see _git
        ["git", "-C", str(project.root), "cat-file", "--batch"],  # noqa: S607
        input=wanted.encode(),
        capture_output=True,
        check=True,
    )
    found: dict[str, str | None] = {}
    rest = done.stdout
    for name in names:
        if name not in blobs:
            found[name] = None
            continue
        head, _, rest = rest.partition(b"\n")
        size = int(head.rpartition(b" ")[2])
        found[name] = parse_leniently(rest[:size])
        rest = rest[size + 1 :]
    return found


def _files(root: Path, names: Iterable[str]) -> dict[str, str | None]:
    paths = {name: root / name for name in names}
    return {name: parse_leniently(path.read_bytes()) if path.is_file() else None for name, path in paths.items()}


def summary(reviews: tuple[Review, ...]) -> str:
    """Write Markdown short enough for a pull request: risks first, then a count per class."""
    if not reviews:
        return "No golden changed.\n"
    risky = [review for review in reviews if review.risk]
    lines = [f"**{counted(len(reviews), 'golden')} changed, {counted(len(risky), 'risk')}.**", ""]
    lines += [f"- **risk** {code(review.pending.golden)}: {_told(review)}" for review in risky[:_MOST_NAMED]]
    if len(risky) > _MOST_NAMED:
        lines.append(f"- and {counted(len(risky) - _MOST_NAMED, 'more golden')} with risks")
    if risky:
        lines.append("")
    classes: dict[str, list[str]] = {}
    for review in reviews:
        for label in review.labels:
            classes.setdefault(label, []).append(review.pending.golden)
    lines += ["| class | goldens |", "|---|---|"]
    lines += [
        f"| {label} | {len(names)} |" for label, names in sorted(classes.items(), key=lambda item: -len(item[1]))
    ]
    return "\n".join(lines) + "\n"


def _told(review: Review) -> str:
    """Name the risks of a golden with what was lost."""
    lost = []
    for change in review.changes:
        if change.risk:
            what = " ".join(visible(change.old or change.new).replace("`", "'").split())
            lost.append(f"{change.label} (`{what[:70]}`)" if what else change.label)
    return ", ".join(dict.fromkeys(lost[:3])) + (f" and {len(lost) - 3} more" if len(lost) > 3 else "")  # noqa: PLR2004
