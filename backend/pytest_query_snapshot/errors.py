"""Every error the plugin raises on purpose, in the order of their tree.

Settings, seeds, containment, goldens, review: each has a root below QuerySnapshotError. The reference lists them.
One module, although it is long: an error is looked up in one place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class QuerySnapshotError(Exception):
    """Root of the plugin's errors."""


class ConfigurationError(QuerySnapshotError):
    """A setting is missing or wrong; the message says what to set."""


class SeedError(QuerySnapshotError):
    """A seed file can't be used: where, what statement, why."""

    def __init__(self, path: Path | str, line: int, reason: str, statement: str | None = None) -> None:
        self.path = path
        self.line = line
        self.reason = reason
        self.statement = statement
        shown = "" if statement is None else "\n" + _excerpt(statement)
        super().__init__(f"{path}:{line}: {reason}{shown}")


class SeedNotFoundError(SeedError):
    """A test or another seed asks for a file that isn't there."""


class SeedCycleError(SeedError):
    """Seeds that require each other."""


class ContainmentError(QuerySnapshotError):
    """A test did what the isolation can't undo."""


class RefusedError(ContainmentError):
    """A statement or call that would escape the test's transaction."""

    def __init__(self, what: str, why: str, line: str) -> None:
        self.what = what
        self.line = line
        super().__init__(f"{line}: {what}: {why}")


class OverlappingTransactionsError(ContainmentError):
    """A connection works while the transaction of another one has uncommitted work.

    All connections of a test share one real connection: it would see, and could end, the other's work.
    """

    def __init__(self, line: str, began: str) -> None:
        self.line = line
        self.began = began
        super().__init__(
            f"{line}: works while the transaction of another connection, begun at {began}, has uncommitted work "
            "or locks, which this connection would see or share. Commit, roll back or close that one first, or "
            'mark the test isolation("connections"), where connections are real'
        )


class OutsideTestError(ContainmentError):
    """A connection of the isolated engine was used where no test owns it."""


class ForeignConnectionError(ContainmentError):
    """A connection to the test database that does not come from the isolated engine."""

    def __init__(self, line: str, database: str) -> None:
        self.line = line
        self.database = database
        super().__init__(
            f"{line}: connects to {database}, the database of the tests, past the isolated engine: what it does "
            "could not be undone. Give the code under test the `engine` or `async_engine` fixture, or "
            'mark the test isolation("connections"), where every connection is real'
        )


class DatabaseLeakError(QuerySnapshotError):
    """The database is not as it was: something escaped the isolation."""


class ServerError(QuerySnapshotError):
    """The PostgreSQL server could not be started or reached."""


def _excerpt(statement: str, *, lines: int = 12, width: int = 160) -> str:
    kept = [f"    {row[:width]}{'...' if len(row) > width else ''}" for row in statement.splitlines()[:lines]]
    if statement.count("\n") >= lines:
        kept.append("    ...")
    return "\n".join(kept)


class GoldenError(QuerySnapshotError):
    """A golden file can't be used or made."""


class ConflictMarkersError(GoldenError):
    """A golden file holds the marks of an unfinished merge."""

    def __init__(self, *, path: Path | str, line: int) -> None:
        self.path = path
        self.line = line
        super().__init__(f"{path}:{line}: conflict markers; finish the merge first")


class NotUtf8Error(GoldenError):
    """A golden file is not UTF-8 text."""

    def __init__(self, *, path: Path | str, offset: int) -> None:
        self.path = path
        self.offset = offset
        super().__init__(f"{path}: not UTF-8 at byte {offset}")


class DuplicateGoldenError(GoldenError):
    """Two comparisons of one test claim the same golden file."""

    def __init__(self, *, path: Path | str, kind: str) -> None:
        self.path = path
        self.kind = kind
        also = "; golden.state compares statements too, golden.changes does not" if kind == "sql" else ""
        super().__init__(f'{path}: compared twice in one test; name the second: golden("...").{kind}{also}')


class UnreadableGoldenError(GoldenError):
    """The system refuses to read a golden file."""

    def __init__(self, *, path: Path | str, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: could not be read ({reason})")


class SharedGoldenError(GoldenError):
    """Two tests of one session claim the same golden file; neither was written over the other."""

    def __init__(self, *, path: Path | str, test: str, other: str) -> None:
        self.path = path
        self.tests = (other, test)
        super().__init__(f"{path}: claimed by two tests, {other} and {test}; rename one of them")


class RepeatedTestError(GoldenError):
    """One test function is called many times with other inputs, and a golden holds one outcome."""

    def __init__(self, *, test: str, caller: str) -> None:
        self.test = test
        super().__init__(
            f"{test}: {caller} calls this test many times, and a golden holds one outcome; compare in a test of "
            "its own, or use parametrize, which gives each input a golden"
        )


class NoBaselineError(GoldenError):
    """The tables could not be read before the test changed them."""

    def __init__(self, *, database: str, reason: str) -> None:
        self.database = database
        self.reason = reason
        super().__init__(f"the tables of {database} could not be read before the first change: {reason}")


class UnobservedWriteError(GoldenError):
    """A database was written before its tables were read, and no recorded statement did it."""

    def __init__(self, *, database: str) -> None:
        self.database = database
        super().__init__(
            f"{database} was written by a connection that is not observed (another process, or a driver without "
            "SQLAlchemy), before its tables were read; write `with golden.step(..):` around what changes it. In "
            "mode `none`, execute something on its engine before the step"
        )


class NoDatabaseError(GoldenError):
    """A comparison of states, plans or schemas needs a database, and the test used none or several."""

    def __init__(self, *, found: tuple[str, ...] = ()) -> None:
        self.found = found
        super().__init__(
            f"the test uses several databases ({', '.join(found)}); hand over a session, connection or engine"
            if found
            else "no database was used since `golden` was set up; take the `session` or `engine` fixture, name "
            "`golden` before the fixtures that use your engine, or execute something first"
        )


class UnreadableDatabaseError(GoldenError):
    """The tables of an engine can't be read from where they are compared."""

    def __init__(self, *, engine: str, reason: str) -> None:
        self.engine = engine
        self.reason = reason
        super().__init__(f"the tables of {engine} can't be read: {reason}")


class UnflushedSessionError(GoldenError):
    """An AsyncSession holds changes at the end of a step that can't be written from there."""

    def __init__(self) -> None:
        super().__init__(
            "an AsyncSession holds changes that it has not written: await its flush() inside the step, or write "
            "`async with golden.step(..):`"
        )


class LeftSideError(GoldenError):
    """The left side of a comparison can't be compared with a golden."""

    def __init__(self, *, kind: str, received: object, instead: str) -> None:
        self.kind = kind
        self.type = type(received)
        name = "golden" if kind == "rows" else f"golden.{kind}"
        super().__init__(f"{name} compares nothing of a {self.type.__name__}: {instead}")


class OtherDatabaseError(GoldenError):
    """The left side names a database that was not used, while the test worked on another one."""

    def __init__(self, *, given: str, used: tuple[str, ...], kind: str) -> None:
        self.given = given
        self.used = used
        done = "changed" if kind == "state" else "executed"
        place = given or "an engine of this session"
        super().__init__(
            f"nothing was {done} on {place}, which stands on the left, but on {', '.join(used)}. Compare with a "
            "session, connection or engine of that database, or make the code under test use this one"
        )


class UnrecordedResultError(GoldenError):
    """A result on the left comes from a statement that was executed before recording began."""

    def __init__(self) -> None:
        super().__init__(
            "the statement of this result was executed before `golden` was set up; name `golden` before the "
            "fixture that executes it, or compare golden.rows"
        )


class ConsumedResultError(GoldenError):
    """A result was read before it was compared, wholly or partly."""

    def __init__(self) -> None:
        super().__init__("this result was read or closed before; compare the list of its rows: result.all()")


class NothingComparedError(GoldenError):
    """A test asked for a golden and did not compare it."""

    def __init__(self, *, forgotten: tuple[str, ...]) -> None:
        self.forgotten = forgotten
        super().__init__(f"nothing was compared: {'; '.join(forgotten)}")


class HiddenFailureError(GoldenError):
    """A comparison failed, and its error did not reach pytest: caught, or raised in a thread or task."""

    def __init__(self, *, failures: tuple[str, ...]) -> None:
        self.failures = failures
        super().__init__(
            f"the test passed, but a comparison failed and its error was caught: {'; '.join(failures)}"
        )


class GoldenOutlivedError(GoldenError):
    """The golden of a test was used after the test had ended."""

    def __init__(self, *, test: str) -> None:
        self.test = test
        super().__init__(
            f"this golden belongs to {test}, which has ended; take `golden` in the test that compares"
        )


class AdjustmentError(GoldenError):
    """A comparison ignores or rounds a column that is missing or can't be rounded."""

    def __init__(self, *, column: str, reason: str) -> None:
        self.column = column
        super().__init__(f"column {column!r} of golden.ignoring(..) or golden.rounding(..): {reason}")


class UnprintableValueError(GoldenError):
    """A value has no form that is the same in every run."""

    def __init__(self, *, value: object, instead: str = "hand over its fields instead") -> None:
        self.type = type(value)
        self.instead = instead
        super().__init__(f"can't show a {self.type.__module__}.{self.type.__qualname__}: {instead}")


class ReviewError(QuerySnapshotError):
    """Root of what can stop a review."""


class PendingUnreadableError(ReviewError):
    """A pending file is damaged; the next failing run replaces it."""

    def __init__(self, *, path: Path, reason: str) -> None:
        self.path = path
        super().__init__(f"{path}: not a pending change ({reason}). Delete it and run the test again.")


class GoldenMovedError(ReviewError):
    """The golden has changed since the comparison."""

    def __init__(self, *, golden: str) -> None:
        self.golden = golden
        super().__init__(f"{golden}: changed since the failing run. Run the test again, then review.")


class PendingMovedError(ReviewError):
    """Another run has changed or removed the pending change since it was shown."""

    def __init__(self, *, golden: str) -> None:
        self.golden = golden
        super().__init__(
            f"{golden}: a test run changed what is pending since it was shown. Start the review again."
        )


class OutsideSnapshotsError(ReviewError):
    """A pending change names a file outside the snapshot folder."""

    def __init__(self, *, golden: str) -> None:
        self.golden = golden
        super().__init__(f"{golden} is not a golden of this project; nothing was written.")


class WriteFailedError(ReviewError):
    """A file could not be written; what was there before is still there."""

    def __init__(self, *, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path}: could not be written ({reason}). What was there before is untouched.")


class RunNotWholeError(ReviewError):
    """Pruning needs the record of a session, and no session that is still running."""

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(f"nothing is pruned: {reason}. Run the suite to its end first: pytest")


class GoldenInUseError(ReviewError):
    """A golden that is to be deleted belongs to a test, or is not there."""

    def __init__(self, *, golden: str) -> None:
        self.golden = golden
        super().__init__(f"{golden}: not a golden, or a test uses it; query-snapshot prune lists what can go")


class RevisionUnknownError(ReviewError):
    """Git does not know this revision, or this is not a repository."""

    def __init__(self, *, revision: str, reason: str) -> None:
        self.revision = revision
        super().__init__(f"git can't read {revision!r}: {reason}")


class BudgetExceededError(QuerySnapshotError, AssertionError):
    """A block of a test ran more statements than its budget, or fewer; the message lists them."""


class BudgetUnusedError(QuerySnapshotError, AssertionError):
    """No statement of a block matches what its budget counts."""

    def __init__(self, *, match: str) -> None:
        self.match = match
        super().__init__(f"no statement of the block matches {match!r}; golden.budget(0, match=..) expects none")


class DecidedElsewhereError(ReviewError):
    """A decision is about a change that is not, or no longer, to be decided."""

    def __init__(self) -> None:
        super().__init__("this change was decided in another window, or is not the one that was shown")


class DiffToolError(ReviewError):
    """The command of ``--diff-tool`` can't be run."""

    def __init__(self, *, command: str, reason: str) -> None:
        self.command = command
        super().__init__(f"--diff-tool {command!r}: {reason}")


class NothingSelectedError(ReviewError):
    """A command that decides was given nothing to decide on."""

    def __init__(self) -> None:
        super().__init__("say which: a golden, --class, --test, --dialect, or --all")


class NothingMatchedError(ReviewError):
    """A selector matches no pending change, or no golden."""

    def __init__(
        self, *, option: str, value: str, nearest: tuple[str, ...], problem: str = "no pending change matches"
    ) -> None:
        self.option = option
        self.value = value
        self.nearest = nearest
        near = f"; nearest: {', '.join(nearest)}" if nearest else ""
        super().__init__(f"{option} {value}".strip() + f": {problem}{near}")


class SeveralProjectsError(ReviewError):
    """Pytest left changes for several projects, and none of them is in this folder."""

    def __init__(self, *, roots: Sequence[Path], place: str = "several projects below this folder have") -> None:
        self.roots = tuple(roots)
        shown = "".join(f"\n  query-snapshot --root {root} .." for root in roots)
        super().__init__(f"{place} what this command is about:{shown}")


class SuiteNotRunError(ReviewError):
    """Pytest could not run the suite; its last words are quoted."""

    def __init__(self, *, command: str, output: str) -> None:
        self.command = command
        super().__init__(f"{command} did not run:\n{output}")
