"""The text of a golden comes back as it was written, whatever it holds, and a merge is never taken for text."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pytest_query_snapshot.errors import ConflictMarkersError, NotUtf8Error, UnreadableGoldenError
from pytest_query_snapshot.goldens.storage import text as files

MARKERS = ["<<<<<<< HEAD", "<<<<<<<", "||||||| base", "=======", ">>>>>>> other"]
TEXTS = st.lists(
    st.one_of(
        st.characters(categories=None),
        st.sampled_from(
            [
                *(chr(code) for code in range(0xA0)),
                "\r\n",
                "\ufeff",
                "\u2028",
                "\u27e6",
                "\u27e6U+000D\u27e7",
                "\ud83d",
                " \n",
            ]
        ),
        st.sampled_from([f"\n{marker}\n" for marker in MARKERS] + MARKERS),
    ),
    max_size=30,
).map("".join)


@given(TEXTS)
@example("\ufeffa\r\nb\rc\r\n")
@example("<<<<<<< HEAD\na\n=======\n>>>>>>> b\n")
@example("\u27e6U+27E6\u27e7U+000D\u27e7 \t")
def test_written_text_reads_back_equal(text):
    assert files.parse(files.encode(text).encode(), path="x") == text


@given(TEXTS)
def test_written_text_survives_git_and_commit_hooks(text):
    written = files.encode(text)
    assert not set(written) & {chr(code) for code in range(32) if chr(code) not in "\n\t"}
    assert not written.startswith("\ufeff")
    for line in written.split("\n"):
        assert line == line.rstrip(" \t")
        assert not line.startswith(("<<<<<<< ", "||||||| ", ">>>>>>> "))
        assert line != "======="
    converted = b"\xef\xbb\xbf" + written.replace("\n", "\r\n").encode()
    assert files.parse(converted, path="x") == text


@pytest.mark.parametrize(
    "text", ["order: a\n\n| a |\n|---|\n| \\r\\n |\n", "SELECT '\u27e6', '<<<<<<< x'\n", "é\t|\n"]
)
def test_ordinary_text_is_written_as_it_is(text):
    assert files.encode(text) == text


@pytest.mark.parametrize("marker", [marker for marker in MARKERS if marker != "======="])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b""])
def test_merge_markers_are_an_error_that_names_the_line(tmp_path, marker, end):
    path = tmp_path / "x.rows.md"
    path.write_bytes(b"a\nb\n" + marker.encode() + end)
    with pytest.raises(ConflictMarkersError) as error:
        files.read(path)
    assert (error.value.path, error.value.line) == (path, 3)


def test_bytes_that_are_not_utf8_are_an_error_that_names_the_place(tmp_path):
    path = tmp_path / "x.rows.md"
    path.write_bytes(b"ab\xff")
    with pytest.raises(NotUtf8Error, match="not UTF-8 at byte 2"):
        files.read(path)


def test_a_folder_in_the_place_of_a_golden_is_named(tmp_path):
    with pytest.raises(UnreadableGoldenError, match="could not be read"):
        files.read(tmp_path)
