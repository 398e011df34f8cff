"""Goldens and the snapshots of syrupy in one folder: each is left alone by the other."""

from __future__ import annotations

TESTS = """
import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

class Markdown(SingleFileSnapshotExtension):
    file_extension = "md"
    _write_mode = WriteMode.TEXT

def test_golden(session, golden):
    assert session.execute(__import__("sqlalchemy").text("SELECT 1 AS one")) == golden

def test_markdown(snapshot):
    assert "text" == snapshot(extension_class=Markdown)
"""


def test_unused_snapshots_of_the_project_are_reported_and_goldens_are_not(make_project, pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    for name in (
        "PYTEST_XDIST_WORKER",
        "PYTEST_XDIST_WORKER_COUNT",
    ):
        monkeypatch.delenv(name, raising=False)
    project = make_project("sqlite")
    project.test(TESTS)
    project.run("--snapshot-update").assert_outcomes(passed=2)
    goldens = sorted(path.name for path in (pytester.path / "__snapshots__" / "test_it").iterdir())
    (pytester.path / "__snapshots__" / "test_it" / "test_gone.md").write_text("unused")
    result = project.run("--snapshot-details")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*1 snapshot unused*"])
    result.stdout.no_fnmatch_line("*Unused*test_golden*")
    project.run("--snapshot-update")
    assert sorted(path.name for path in (pytester.path / "__snapshots__" / "test_it").iterdir()) == goldens
