"""Accepting and rejecting pending changes: the only code of the review that writes goldens."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath

from pytest_query_snapshot.atomic_write import remove_leftovers
from pytest_query_snapshot.errors import (
    ConflictMarkersError,
    GoldenMovedError,
    OutsideSnapshotsError,
    PendingMovedError,
    QuerySnapshotError,
)
from pytest_query_snapshot.goldens.storage import text as files
from pytest_query_snapshot.goldens.storage.golden_path import golden_name
from pytest_query_snapshot.review.classified import ClassifiedChanges
from pytest_query_snapshot.review.pending import Pending, all_pending, clear, find_pending
from pytest_query_snapshot.review.shared_goldens import SharedGoldens, comparison_of
from pytest_query_snapshot.settings import Project
from pytest_query_snapshot.sql.diff.change import Change, labels


@dataclass(frozen=True, slots=True)
class Review:
    """A pending change with its classes.

    A comparison is decided as a whole: ``held`` says that another golden of the same comparison is a risk.
    """

    pending: Pending
    changes: tuple[Change, ...]
    held: bool = False

    @property
    def risk(self) -> bool:
        """Return whether only a person may accept this, by name."""
        return any(change.risk for change in self.changes)

    @property
    def comparison(self) -> str:
        """Return the common part of the goldens of one comparison: their path without format and dialect."""
        return comparison_of(self.pending.golden)

    @property
    def labels(self) -> tuple[str, ...]:
        """The classes, risks first."""
        return labels(self.changes)


@dataclass(frozen=True, slots=True)
class Selector:
    """The selection of pending changes for a command; an empty selector selects all."""

    classes: tuple[str, ...] = ()
    any_class: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    goldens: tuple[str, ...] = ()

    def takes(self, review: Review) -> bool:
        """Return whether this change is selected.

        A class selects a change only when every class found is among the wanted: accepting ``format`` must not
        take along what else changed in the same golden.
        """
        pending = review.pending
        wanted = set(self.classes)
        return (
            (not wanted or all(_class_in(label, wanted) for label in review.labels))
            and (not self.any_class or any(_class_in(label, {*self.any_class}) for label in review.labels))
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
    waiting = all_pending(project.root)
    shared = SharedGoldens(project.root, waiting)
    known = ClassifiedChanges(project.root)
    found = []
    for pending in waiting:
        changes = known.of(pending, lambda each: review_of(each, project).changes, settings=project.tenant_columns)
        found.append(Review(pending=pending, changes=(*shared.reasons(pending), *changes)))
    known.save()
    return hold_with_risks(found)


def hold_with_risks(found: Iterable[Review]) -> tuple[Review, ...]:
    """Mark what belongs to a comparison with a risk; return the risks first, then what waits with them."""
    every = list(found)
    risky = {review.comparison for review in every if review.risk}
    marked = [replace(review, held=not review.risk and review.comparison in risky) for review in every]
    return tuple(sorted(marked, key=lambda review: (not review.risk, not review.held, review.pending.golden)))


def whole_comparisons(chosen: Iterable[Review], every: Iterable[Review]) -> tuple[Review, ...]:
    """Return the chosen changes whose comparison is chosen as a whole."""
    taken = {(review.pending.golden, review.pending.dialect) for review in chosen}
    cut = {one.comparison for one in every if (one.pending.golden, one.pending.dialect) not in taken}
    return tuple(review for review in chosen if review.comparison not in cut)


def with_comparison(chosen: Iterable[Review], every: Iterable[Review]) -> tuple[Review, ...]:
    """Return all changes of the comparisons that the chosen ones belong to."""
    wanted = {review.comparison for review in chosen}
    return tuple(review for review in every if review.comparison in wanted)


def review_of(pending: Pending, project: Project) -> Review:
    """Classify one pending change."""
    from pytest_query_snapshot.goldens.classify import classify_golden  # noqa: PLC0415  half a second, often not needed

    changes = classify_golden(
        pending.base,
        pending.received,
        kind=pending.kind,
        tenant_columns=project.tenant_columns,
        dialect=pending.dialect,
    )
    return Review(pending=pending, changes=changes)


def accept(project: Project, review: Review, *, waiting: Iterable[Pending] | None = None) -> None:
    """Write the received value as the golden, then forget the pending change.

    ``waiting`` are the pending changes of the golden, where they are known: another database may have received the
    same. In this order: killed in between, the change is still pending and equal to its golden: nothing is lost.
    """
    pending = review.pending
    waiting = all_pending(project.root) if waiting is None else tuple(waiting)
    path = golden_file(project, pending)
    if pending not in waiting and files.read(path) != pending.received:
        raise PendingMovedError(golden=pending.golden)
    if pending.received is not None:
        files.write(path, pending.received)
    for other in waiting:
        if other.golden == pending.golden and other.received == pending.received:
            clear(project.root, other.golden, dialect=other.dialect)


def reject(project: Project, review: Review) -> None:
    """Forget the pending change; the golden stays, and the test fails until the code is right.

    Raises:
        PendingMovedError: what is pending now was never shown.
    """
    pending = review.pending
    if find_pending(project.root, pending.golden, dialect=pending.dialect) not in {pending, None}:
        raise PendingMovedError(golden=pending.golden)
    clear(project.root, pending.golden, dialect=pending.dialect)


@dataclass(frozen=True, slots=True)
class AcceptResult:
    """The outcome for several changes: accepted, left because they are risks, or refused with the reason."""

    accepted: tuple[Review, ...]
    left: tuple[Review, ...]
    refused: tuple[tuple[Review, QuerySnapshotError], ...]


def accept_all(project: Project, chosen: Iterable[Review], *, named: Container[str] = ()) -> AcceptResult:
    """Accept several changes; one refusal stops no other.

    A comparison with a risk is left, with its rows, unless ``named`` holds the path of a golden of it.
    """
    remove_leftovers(project.root / project.snapshots)
    every = tuple(chosen)
    allowed = {review.comparison for review in every if review.pending.golden in named}
    accepted: list[Review] = []
    left: list[Review] = []
    refused: list[tuple[Review, QuerySnapshotError]] = []
    waiting: dict[str, list[Pending]] = {}
    for pending in all_pending(project.root):
        waiting.setdefault(pending.golden, []).append(pending)
    for review in every:
        if (review.risk or review.held) and review.comparison not in allowed:
            left.append(review)
            continue
        try:
            accept(project, review, waiting=waiting.get(review.pending.golden, ()))
        except QuerySnapshotError as error:
            refused.append((review, error))
        else:
            accepted.append(review)
    return AcceptResult(tuple(accepted), tuple(left), tuple(refused))


def golden_file(project: Project, pending: Pending) -> Path:
    """Return the golden's path once it is sure that writing it loses nothing."""
    relative = PurePosixPath(pending.golden)
    folder = PurePosixPath(project.snapshots)
    inside = relative.is_relative_to(folder) and ".." not in relative.relative_to(folder).parts
    if not inside or golden_name(pending.golden) is None:
        raise OutsideSnapshotsError(golden=pending.golden)
    path = project.root / relative
    try:
        current = files.read(path)
    except ConflictMarkersError as error:
        raise ConflictMarkersError(path=pending.golden, line=error.line) from error
    if current not in {pending.base, pending.received}:
        raise GoldenMovedError(golden=pending.golden)
    return path
