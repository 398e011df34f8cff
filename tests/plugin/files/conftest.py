"""A small project whose files are put in the way of its goldens."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.goldens.storage.golden_path import goldens_of

INI = """
[pytest]
query_snapshot_metadata = shop_schema:metadata
filterwarnings = error
pythonpath = .
addopts = -p no:cacheprovider -p no:asyncio
"""


class Suite:
    """A project on disk, its sessions and its goldens."""

    def __init__(self, pytester):
        self.pytester = pytester
        self.path = pytester.path
        self.snapshots = self.path / "__snapshots__"

    def run(self, *args):
        return self.pytester.runpytest_inprocess(*args)

    def write(self, name, text):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", errors="surrogatepass")

    def goldens(self):
        return [name.path.removeprefix("__snapshots__/") for name in goldens_of(self.path, "__snapshots__")]

    def pending(self):
        folder = self.path / ".query_snapshot/pending"
        return [*folder.glob("*.json")] if folder.is_dir() else []


@pytest.fixture
def suite(make_project, pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    make_project("sqlite")
    pytester.makefile(".ini", pytest=INI)
    return Suite(pytester)
