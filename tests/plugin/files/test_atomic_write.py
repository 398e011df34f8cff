"""A write replaces a file whole or not at all, and keeps what the user arranged around it."""

from __future__ import annotations

import os

import pytest

from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.errors import WriteFailedError


def test_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.rows.md"
    write_text(path, "old\n")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(WriteFailedError, match=r"x\.rows\.md: could not be written \(No space left"):
        write_text(path, "new\n")
    assert [each.name for each in tmp_path.iterdir()] == ["x.rows.md"]
    assert path.read_text() == "old\n"


@pytest.mark.parametrize("target", ["shared/a.rows.md", "shared/missing.rows.md"])
def test_symbolic_link_stays_and_its_target_is_written(tmp_path, target):
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared/a.rows.md").write_text("old\n")
    link = tmp_path / "x.rows.md"
    link.symlink_to(target)
    write_text(link, "new\n")
    assert link.is_symlink()
    assert (tmp_path / target).read_text() == "new\n"


def test_existing_mode_is_kept(tmp_path):
    path = tmp_path / "x.rows.md"
    path.write_text("old\n")
    path.chmod(0o640)
    write_text(path, "new\n")
    assert path.stat().st_mode & 0o777 == 0o640


def test_folder_that_vanished_is_made(tmp_path):
    write_text(tmp_path / "a/b/x.rows.md", "new\n")
    assert (tmp_path / "a/b/x.rows.md").read_text() == "new\n"
