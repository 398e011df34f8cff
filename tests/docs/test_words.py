"""The vocabulary check of `make lint`."""

from __future__ import annotations

import pytest

from tests import words


@pytest.mark.parametrize("line", ["# nobody reads it", "a text that is no name", "Whatever it holds"])
def test_idiom_is_reported_with_its_line(line):
    assert [*words.idioms("a.py", f"x = 1\n{line}\n")] == [
        f"a.py:2: idiom {words.IDIOMS.search(line).group().strip()!r}: {line}"
    ]


def test_allowed_line_is_not_reported():
    path, text = words.ALLOWED[2]
    assert not [*words.idioms(path, text)]


def test_allowed_text_is_reported_in_another_file():
    assert [*words.idioms("other.md", words.ALLOWED[2][1])]


@pytest.mark.parametrize(
    "source", ['"""What it is."""', 'class A:\n    """Where it stands."""', 'def f():\n    """Say it."""']
)
def test_docstring_that_opens_with_a_relative_clause_or_speech_is_reported(source):
    assert len([*words.openings("a.py", source)]) == 1


def test_docstring_that_opens_with_a_verb_is_not_reported():
    assert not [*words.openings("a.py", '"""Return what it is."""')]


@pytest.mark.parametrize("name", ["test_what_is_null", "test_nobody_is_nobody", "test_comment_is_no_correction"])
def test_name_of_test_in_idiom_is_reported(name):
    assert len([*words.names("a.py", f"    def {name}(self):\n        pass\n")]) == 1


@pytest.mark.parametrize(
    "name", ["test_member_is_rejected", "test_golden_shows_what_changed", "test_tolerated_failure"]
)
def test_name_of_test_with_a_subject_is_not_reported(name):
    assert not [*words.names("a.py", f"async def {name}(): ...\n")]


@pytest.mark.parametrize("path", ["NaN", " ", "last ", "urn:uuid:", "ñ.txt", "tests/{}", "null"])
def test_stray_file_is_reported(path):
    assert len([*words.stray_files([path])]) == 1


@pytest.mark.parametrize(
    "path", ["Makefile", ".ci/run", ".gitignore", "tests/a-b/c_d.py", "__snapshots__/x[y]/test z.rows"]
)
def test_named_file_is_not_reported(path):
    assert not [*words.stray_files([path])]
