"""Names of golden files never collide, and writing them can't tear."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_query_snapshot.atomic_write import write_text
from pytest_query_snapshot.goldens import files


@given(st.sets(st.text(min_size=1, max_size=40), min_size=2, max_size=2))
def test_two_names_never_share_a_file_even_where_case_does_not_count(names):
    first, second = (files.slug(name, longest=60).casefold() for name in names)
    assert first != second


@pytest.mark.parametrize(
    ("one", "other"),
    [("test_A", "test_a"), ("a/b", "ab"), ("a" * 300, "a" * 301), ("a.", "a"), ("a--b", "a-b"), ("", "x")],
)
def test_names_that_look_alike_are_told_apart(one, other):
    assert files.slug(one, longest=60).casefold() != files.slug(other, longest=60).casefold()


def test_a_plain_name_stays_as_it_is():
    assert files.stem("test_x[week]", "busy") == "test_x[week]-busy"


@pytest.mark.parametrize("name", ["con", "é" * 200, "..", "a" * 500, "x\ny", "CON"])
def test_a_name_suits_every_file_system(name):
    slug = files.slug(name, longest=60)
    assert len(slug.encode()) <= 60
    assert slug.isascii()
    assert slug.casefold() not in {"con", "..", "."}


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "x.rows.md"
    write_text(path, "old\n")

    def full(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_text(path, "new\n")
    assert [each.name for each in tmp_path.iterdir()] == ["x.rows.md"]
    assert files.read(path) == "old\n"
