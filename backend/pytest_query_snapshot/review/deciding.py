"""Accepting and rejecting pending changes: the only code of the review that writes goldens."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from pytest_query_snapshot.review.changes import Change, labels
from pytest_query_snapshot.review.classify_golden import classify_golden
from pytest_query_snapshot.review.errors import GoldenConflictedError, GoldenMovedError, OutsideSnapshotsError
from pytest_query_snapshot.review.pending import Pending, all_pending, clear
from pytest_query_snapshot.review.project import Project
from pytest_query_snapshot.review.writing import write_text

_MARKERS = ("<<<<<<< ", ">>>>>>> ", "||||||| ")


@dataclass(frozen=True, slots=True)
class Review:
    """A pending change with its classes."""

    pending: Pending
    changes: tuple[Change, ...]

    @property
    def risk(self) -> bool:
        """Whether only a person may accept this, by name."""
        return any(change.risk for change in self.changes)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, risks first."""
        return labels(self.changes)


@dataclass(frozen=True, slots=True)
class Selector:
    """Which pending changes a command is about; an empty selector takes all."""

    classes: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    goldens: tuple[str, ...] = ()

    def takes(self, review: Review) -> bool:
        """Whether this change is selected.

        A class selects a change only when every class found is among the wanted: accepting ``format`` must not
        take along what else changed in the same golden.
        """
        pending = review.pending
        wanted = set(self.classes)
        return (
            (not wanted or all(_class_in(label, wanted) for label in review.labels))
            and (not self.tests or any(_matches(pending.test, test) for test in self.tests))
            and (not self.dialects or pending.dialect in self.dialects)
            and (not self.goldens or any(_matches(pending.golden, golden) for golden in self.goldens))
        )


def _class_in(label: str, wanted: set[str]) -> bool:
    return label in wanted or any(label.startswith(f"{name}-") for name in wanted)


def _matches(value: str, pattern: str) -> bool:
    """Match a part, or a pattern with ``*`` and ``?``; brackets are those of parametrized tests."""
    if any(sign in pattern for sign in "*?"):
        return fnmatchcase(value, pattern.replace("[", "[[]"))
    return pattern in value


def reviews(project: Project) -> tuple[Review, ...]:
    """Classify every pending change, risks first."""
    found = [review_of(pending, project) for pending in all_pending(project.root)]
    return tuple(sorted(found, key=lambda review: (not review.risk, review.pending.golden)))


def review_of(pending: Pending, project: Project) -> Review:
    """Classify one pending change."""
    changes = classify_golden(
        pending.base,
        pending.received,
        kind=pending.kind,
        tenant_columns=project.tenant_columns,
    )
    return Review(pending=pending, changes=changes)


def accept(project: Project, review: Review) -> None:
    """Write the received value as the golden, then forget the pending change.

    In this order: killed in between, the change is still pending and equal to its golden, and nothing is lost.
    """
    path = _checked(project, review.pending)
    if review.pending.received is not None:
        write_text(path, review.pending.received)
    clear(project.root, review.pending.golden)


def reject(project: Project, review: Review) -> None:
    """Forget the pending change; the golden stays, and the test fails until the code is right."""
    clear(project.root, review.pending.golden)


def accept_all(
    project: Project, chosen: Iterable[Review], *, risks: bool = False
) -> tuple[list[Review], list[Review]]:
    """Accept several changes at once, except risks; return what was accepted and what was left.

    ``risks`` is for a command that names a single golden: then a person has looked.
    """
    accepted: list[Review] = []
    left: list[Review] = []
    for review in chosen:
        if review.risk and not risks:
            left.append(review)
        else:
            accept(project, review)
            accepted.append(review)
    return accepted, left


def _checked(project: Project, pending: Pending) -> Path:
    """Return the golden's path once it is sure that writing it loses nothing."""
    relative = PurePosixPath(pending.golden)
    inside = relative.parts[:1] == PurePosixPath(project.snapshots).parts[:1] and ".." not in relative.parts
    if relative.is_absolute() or not inside:
        raise OutsideSnapshotsError(golden=pending.golden)
    path = project.root / relative
    current = path.read_text(encoding="utf-8") if path.exists() else None
    if current is not None:
        for number, line in enumerate(current.splitlines(), start=1):
            if line.startswith(_MARKERS):
                raise GoldenConflictedError(golden=pending.golden, line=number)
    if current not in {pending.base, pending.received}:
        raise GoldenMovedError(golden=pending.golden)
    return path
