"""Accepting and rejecting: what is written, what is refused, what survives a fault."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import pytest

from pytest_query_snapshot.errors import (
    ConflictMarkersError,
    GoldenMovedError,
    NotUtf8Error,
    OutsideSnapshotsError,
    PendingUnreadableError,
    WriteFailedError,
)
from pytest_query_snapshot.review.accept import (
    Selector,
    accept,
    accept_all,
    reject,
)
from pytest_query_snapshot.review.pending import Pending, all_pending, clear, record

from .conftest import ROWS, SQL

WIDER = SQL.replace("  AND agents.status = :status_1\n", "")
LAID_OUT = SQL.replace("FROM agents", "FROM   agents")
LONGER = ROWS + "| agent#3 | Cleo |\n"


def test_accepting_writes_what_was_received(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    accept(folder.project, folder.reviews()[0])
    assert folder.read(path) == LONGER
    assert folder.reviews() == ()


def test_accepting_a_new_golden_writes_it(folder):
    path = folder.pending("test_a.rows.md", None, ROWS)
    accept(folder.project, folder.reviews()[0])
    assert folder.read(path) == ROWS


def test_rejecting_leaves_the_golden(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    reject(folder.project, folder.reviews()[0])
    assert folder.read(path) == ROWS
    assert folder.reviews() == ()


def test_rejecting_a_cleared_change_is_allowed(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    shown = folder.reviews()[0]
    clear(folder.root, path, dialect="sqlite")
    reject(folder.project, shown)
    assert folder.reviews() == ()


def test_risk_comes_first_then_what_waits_with_it(folder):
    for name, old, new in (
        ("test_a.rows.md", ROWS, LONGER),
        ("test_b.rows.md", ROWS, LONGER),
        ("test_b.sqlite.sql", SQL, WIDER),
    ):
        folder.pending(name, old, new)
    found = [(one.pending.golden.rpartition("/")[2], one.risk, one.held) for one in folder.reviews()]
    assert found == [
        ("test_b.sqlite.sql", True, False),
        ("test_b.rows.md", False, True),
        ("test_a.rows.md", False, False),
    ]


def test_a_golden_that_moved_is_not_overwritten(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    folder.golden("test_a.rows.md", ROWS + "| agent#9 | Zoe |\n")
    with pytest.raises(GoldenMovedError, match="changed since the failing run"):
        accept(folder.project, folder.reviews()[0])
    assert "Zoe" in folder.read(path)
    assert len(folder.reviews()) == 1


def test_a_golden_that_vanished_is_not_brought_back(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    (folder.root / path).unlink()
    with pytest.raises(GoldenMovedError):
        accept(folder.project, folder.reviews()[0])
    assert not (folder.root / path).exists()


def test_a_golden_with_conflict_markers_is_refused(folder):
    folder.pending("test_a.rows.md", ROWS, LONGER)
    folder.golden("test_a.rows.md", ROWS + "<<<<<<< ours\n| x |\n=======\n| y |\n>>>>>>> theirs\n")
    with pytest.raises(ConflictMarkersError, match=r"test_a\.rows\.md:7"):
        accept(folder.project, folder.reviews()[0])


@pytest.mark.parametrize(
    "path", ["../outside.rows.md", "/etc/x.rows.md", "src/a.rows.md", "__snapshots__/../x.rows.md"]
)
def test_a_pending_file_can_not_name_a_file_outside_the_snapshots(folder, path):
    record(folder.root, Pending(path, "t", "rows", "", None, "x"))
    with pytest.raises(OutsideSnapshotsError):
        accept(folder.project, folder.reviews()[0])


def test_a_bulk_accept_leaves_risks(folder):
    risky = folder.pending("test_a.sqlite.sql", SQL, WIDER)
    harmless = folder.pending("test_b.sqlite.sql", SQL, LAID_OUT)
    decided = accept_all(folder.project, folder.reviews())
    assert [review.pending.golden for review in decided.accepted] == [harmless]
    assert [review.pending.golden for review in decided.left] == [risky]
    assert folder.read(risky) == SQL


def test_a_class_takes_only_what_changed_in_nothing_else(folder):
    folder.pending("test_a.sqlite.sql", SQL, LAID_OUT)
    folder.pending("test_b.sqlite.sql", SQL, LAID_OUT.replace("-- 2 rows", "-- 3 rows"))
    chosen = [one.pending.golden for one in folder.reviews() if Selector(classes=("format",)).takes(one)]
    assert [Path(path).name for path in chosen] == ["test_a.sqlite.sql"]


def test_selectors_narrow_by_test_dialect_and_pattern(folder):
    folder.pending("test_a.sqlite.sql", SQL, LAID_OUT)
    folder.pending("test_b.postgresql.sql", SQL, LAID_OUT, dialect="postgresql")
    names = [
        {Path(one.pending.golden).name for one in folder.reviews() if selector.takes(one)}
        for selector in (
            Selector(tests=("::test_a",)),
            Selector(dialects=("postgresql",)),
            Selector(goldens=("*_b.*",)),
        )
    ]
    assert names == [{"test_a.sqlite.sql"}, {"test_b.postgresql.sql"}, {"test_b.postgresql.sql"}]


def test_the_latest_pending_change_of_a_golden_counts(folder):
    folder.pending("test_a.rows.md", ROWS, LONGER)
    folder.pending("test_a.rows.md", ROWS, ROWS + "| agent#3 | Dan |\n")
    assert [pending.received for pending in all_pending(folder.root)] == [ROWS + "| agent#3 | Dan |\n"]


def test_a_passing_run_clears(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    clear(folder.root, path, dialect="sqlite")
    assert all_pending(folder.root) == ()


def test_a_golden_of_two_databases_is_accepted_for_both(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    folder.pending("test_a.rows.md", ROWS, LONGER, dialect="postgresql")
    assert [review.labels for review in folder.reviews()] == [("row-added",), ("row-added",)]
    accept(folder.project, folder.reviews()[0])
    assert folder.reviews() == ()
    assert folder.read(path) == LONGER


def test_two_databases_that_disagree_are_a_risk(folder):
    folder.pending("test_a.rows.md", ROWS, LONGER)
    path = folder.pending("test_a.rows.md", ROWS, ROWS + "| agent#4 | Dan |\n", dialect="postgresql")
    assert [review.labels for review in folder.reviews()] == [("databases-disagree", "row-added")] * 2
    assert accept_all(folder.project, folder.reviews()).accepted == ()
    first, second = folder.reviews()
    accept(folder.project, first)
    with pytest.raises(GoldenMovedError):
        accept(folder.project, second)
    assert folder.read(path) == first.pending.received


def test_passing_on_one_database_leaves_what_waits_of_the_other(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER, dialect="postgresql")
    clear(folder.root, path, dialect="sqlite")
    assert len(folder.reviews()) == 1


@pytest.mark.parametrize("line_end", ["\r\n", "\n"])
def test_line_ends_and_a_byte_order_mark_make_no_other_golden(folder, line_end):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    (folder.root / path).write_bytes(("\ufeff" + ROWS.replace("\n", line_end)).encode())
    accept(folder.project, folder.reviews()[0])
    assert (folder.root / path).read_bytes() == LONGER.encode()


def test_golden_that_is_not_text_is_named(folder):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    (folder.root / path).write_bytes(b"\xff\xfe")
    with pytest.raises(NotUtf8Error, match=r"test_a\.rows\.md"):
        accept(folder.project, folder.reviews()[0])
    assert len(folder.reviews()) == 1


def test_one_refusal_stops_no_other_change(folder):
    folder.pending("test_a.rows.md", ROWS, LONGER)
    folder.golden("test_a.rows.md", "order: as given\n")
    good = folder.pending("test_b.rows.md", ROWS, LONGER)
    decided = accept_all(folder.project, folder.reviews())
    assert [review.pending.golden for review in decided.accepted] == [good]
    assert [type(error) for _, error in decided.refused] == [GoldenMovedError]


@pytest.mark.parametrize("damage", ["", "{", "[]", "[" * 100_000, '{"golden": 3}', "\x00\xff"])
def test_a_damaged_pending_file_is_named(folder, damage):
    folder.pending("test_a.rows.md", ROWS, LONGER)
    path = next((folder.root / ".query_snapshot/pending").glob("*.json"))
    path.write_bytes(damage.encode("latin-1"))
    with pytest.raises(PendingUnreadableError, match=path.name):
        all_pending(folder.root)


def test_a_full_disk_leaves_golden_and_pending_change(folder, monkeypatch):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    review = folder.reviews()[0]

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteFailedError, match=r"No space left on device.*untouched"):
        accept(folder.project, review)
    assert folder.read(path) == ROWS
    assert len(folder.reviews()) == 1
    assert [p.name for p in (folder.root / path).parent.iterdir()] == ["test_a.rows.md"]


def test_a_read_only_folder_is_named(folder, monkeypatch):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    review = folder.reviews()[0]

    def read_only(**_options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(tempfile, "mkstemp", read_only)
    with pytest.raises(WriteFailedError, match="Read-only file system"):
        accept(folder.project, review)
    assert folder.read(path) == ROWS
    assert len(folder.reviews()) == 1


def test_a_folder_that_can_not_be_made_is_named(folder):
    path = folder.pending("test_a.rows.md", None, ROWS)
    (folder.root / "__snapshots__").write_text("a file where the folder should be")
    with pytest.raises((WriteFailedError, NotADirectoryError)):
        accept(folder.project, folder.reviews()[0])
    assert len(folder.reviews()) == 1
    assert path


@pytest.mark.kill
@pytest.mark.parametrize("point", ["os.fsync", "os.replace", "pathlib.Path.unlink"])
def test_a_kill_in_the_middle_of_accepting_loses_nothing(folder, point):
    path = folder.pending("test_a.rows.md", ROWS, LONGER)
    script = f"""
        import os, pathlib, signal
        def die(*_args, **_options):
            os.kill(os.getpid(), signal.SIGKILL)
        {point} = die
        from pytest_query_snapshot.cli.main import main
        main(["accept", "--all"])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(script)], cwd=folder.root, check=False)
    assert done.returncode == -9
    assert folder.read(path) in {ROWS, LONGER}
    (review,) = folder.reviews()
    accept(folder.project, review)
    assert folder.read(path) == LONGER
    assert folder.reviews() == ()


def test_accepting_removes_what_a_killed_process_left(folder):
    golden = folder.pending("test_one.rows.md", ROWS, ROWS.replace("Bob", "Eve"))
    place = (folder.root / golden).parent
    left, being_written = place / ".query-snapshot-a.tmp", place / ".query-snapshot-b.tmp"
    for path in (left, being_written):
        path.write_text("half")
    os.utime(left, (0, 0))
    accept_all(folder.project, folder.reviews())
    assert sorted(path.name for path in place.iterdir()) == [being_written.name, "test_one.rows.md"]
