"""What can stop a review, each with what to do about it.

ReviewError
|-- PendingUnreadableError   a pending file is damaged
|-- GoldenMovedError         the golden is no longer the one that the change was compared to
|-- GoldenConflictedError    the golden holds conflict markers
|-- OutsideSnapshotsError    a pending change names a file that is no golden
|-- WriteFailedError         a file could not be written: read-only, full disk
|-- RunNotWholeError         pruning needs a run that ran everything, to the end
|-- NothingRecordedError     there is no run to speak of
|-- NothingSelectedError     a command that decides was given nothing to decide on
|-- SuiteNotRunError         pytest could not run the suite
`-- RevisionUnknownError     git does not know this revision
"""

from __future__ import annotations

from pathlib import Path

from pytest_query_snapshot.errors import QuerySnapshotError


class ReviewError(QuerySnapshotError):
    """Root of what can stop a review."""


class PendingUnreadableError(ReviewError):
    """A pending file is damaged; the next failing run writes it anew."""

    def __init__(self, *, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: not a pending change ({reason}). Delete it and run the test again.")


class GoldenMovedError(ReviewError):
    """The golden is no longer the one that the change was compared to."""

    def __init__(self, *, golden: str) -> None:
        self.golden = golden
        super().__init__(f"{golden}: changed since the failing run. Run the test again, then review.")


class GoldenConflictedError(ReviewError):
    """The golden holds conflict markers."""

    def __init__(self, *, golden: str, line: int) -> None:
        self.golden = golden
        self.line = line
        super().__init__(
            f"{golden}:{line}: holds conflict markers. Finish the merge, run the test again, then review."
        )


class OutsideSnapshotsError(ReviewError):
    """A pending change names a file outside the snapshot folder."""

    def __init__(self, *, golden: str) -> None:
        self.golden = golden
        super().__init__(f"{golden}: is no golden of this project; nothing was written.")


class WriteFailedError(ReviewError):
    """A file could not be written; what was there before is still there."""

    def __init__(self, *, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: could not be written ({reason}). What was there before is untouched.")


class RunNotWholeError(ReviewError):
    """Pruning needs a run that collected every test and ran each to its end."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(f"nothing is pruned: {reason}. Run the whole suite first: pytest")


class NothingRecordedError(ReviewError):
    """No run left a record."""

    def __init__(self, *, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"{folder}: no run is recorded there. Run the suite first: pytest")


class RevisionUnknownError(ReviewError):
    """Git does not know this revision, or this is no repository."""

    def __init__(self, *, revision: str, reason: str) -> None:
        self.revision = revision
        super().__init__(f"git can't read {revision!r}: {reason}")


class NothingSelectedError(ReviewError):
    """A command that decides was given nothing to decide on."""

    def __init__(self) -> None:
        super().__init__("say which: a golden, --class, --test, --dialect, or --all")


class SuiteNotRunError(ReviewError):
    """Pytest could not run the suite; its last words are quoted."""

    def __init__(self, *, command: str, output: str) -> None:
        self.command = command
        super().__init__(f"{command} did not run:\n{output}")
