"""Projects with pending changes, and the command called in them."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.cli.main import main
from pytest_query_snapshot.review.pending import Pending, record

ROWS = "order: as given\n\n| name text |\n|---|\n| Ada |\n"


class Repository:
    """A folder with projects in it."""

    def __init__(self, path, capsys, monkeypatch):
        self.path = path
        self.capsys = capsys
        self.monkeypatch = monkeypatch

    def project(self, folder, settings="[tool.pytest]\n"):
        path = self.path / folder
        path.mkdir(parents=True, exist_ok=True)
        (path / "pyproject.toml").write_text(settings)

    def pending(self, folder, name="test_a", *, dialect="sqlite", new=ROWS):
        golden = f"__snapshots__/deep/{name}.rows.md"
        record(self.path / folder, Pending(golden, f"deep/t.py::{name}", "rows", dialect, None, new))
        return golden

    def run(self, folder, *arguments):
        (self.path / folder).mkdir(parents=True, exist_ok=True)
        self.monkeypatch.chdir(self.path / folder)
        self.capsys.readouterr()
        status = main(list(arguments))
        return (status, *self.capsys.readouterr())


@pytest.fixture
def repository(tmp_path, capsys, monkeypatch):
    return Repository(tmp_path, capsys, monkeypatch)
