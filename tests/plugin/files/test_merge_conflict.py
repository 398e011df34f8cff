"""Our side of a golden with conflict markers."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pytest_query_snapshot.goldens.storage import text as files
from pytest_query_snapshot.goldens.storage.merge_conflict import text_of_current_branch

GIT = shutil.which("git")
LINES = st.lists(
    st.sampled_from(["a", "b", "=======", "<<<<<<< x", "<<<<<<<x", "| 1 |", ">>>>>>>", ""]), max_size=8
)


@pytest.mark.skipif(GIT is None, reason="git merges the files")
@pytest.mark.parametrize("style", ["merge", "diff3"])
@settings(max_examples=25, deadline=None)
@given(base=LINES, ours=LINES, theirs=LINES)
def test_our_side_of_a_conflict_is_the_text_of_our_branch(tmp_path_factory, style, base, ours, theirs):
    """A hunk that merges without conflict is theirs as well; so only files that conflict whole are exact."""
    folder = tmp_path_factory.mktemp("merge")
    marked = [["first", *ours, "last"], ["first", *base, "end"], ["1st", *theirs, "end"]]
    paths = []
    for name, lines in zip(("ours", "base", "theirs"), marked, strict=True):
        path = folder / name
        path.write_text(files.encode("\n".join(lines) + "\n"))
        paths.append(str(path))
    options = ["-p", "--diff3"] if style == "diff3" else ["-p"]
    done = subprocess.run([GIT, "merge-file", *options, *paths], capture_output=True, text=True, check=False)
    if not 0 < done.returncode < 100:
        return
    text = files.decode(text_of_current_branch(done.stdout))
    assert "<<<<<<< ours" not in text
    assert files.parse(files.encode(text).encode(), path="x") == text
    if (
        done.stdout.startswith("<<<<<<<")
        and done.stdout.count(">>>>>>> ") == 1
        and done.stdout.endswith("theirs\n")
    ):
        assert text == "\n".join(marked[0]) + "\n"
