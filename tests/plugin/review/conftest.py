"""A project with goldens and pending changes, written by hand: the review knows nothing of how they came about."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path

import pytest

from pytest_query_snapshot.review.accept import reviews
from pytest_query_snapshot.review.pending import Pending, record
from pytest_query_snapshot.settings import Project

ROWS = "order: agents.name\n\n| id uuid | name text |\n|---|---|\n| agent#1 | Ada |\n| agent#2 | Bob |\n"
SQL = (
    "SELECT agents.id,\n       agents.name\nFROM agents\nWHERE agents.workspace_id = :workspace_id_1\n"
    "  AND agents.status = :status_1\nORDER BY agents.name\nLIMIT :param_1;\n-- 2 rows\n-- :status_1 = 'active'\n"
)
STATE = (
    "## submit\n\n### proposals\n\n```diff\n~ proposal#1: status 'draft' -> 'submitted'\n```\n\n"
    "## approve\n\n### proposals\n\n```diff\n~ proposal#1: status 'submitted' -> 'approved'\n```\n\n"
    "unchanged: agents (2). Tables not listed are empty.\n"
)


def page_data(path):
    """Unpack what a report shows."""
    packed = re.search(r'id="data">(.*?)</script>', Path(path).read_text(), re.DOTALL)[1]
    return json.loads(zlib.decompress(base64.b64decode(packed)))


class ProjectFolder:
    """Writes goldens and pending changes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "pyproject.toml").write_text("[tool.pytest.ini_options]\nquery_snapshot_seeds = 'seeds'\n")
        self.project = Project(root=root, seeds="seeds")

    def golden(self, name: str, text: str) -> str:
        path = f"__snapshots__/golden/test_agents/{name}"
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
        return path

    def pending(self, name: str, old: str | None, new: str, *, dialect: str = "sqlite") -> str:
        path = f"__snapshots__/golden/test_agents/{name}"
        if old is not None:
            self.golden(name, old)
        kind = "rows" if name.endswith(".rows.md") else "state" if name.endswith(".state.md") else "sql"
        test = f"tests/golden/test_agents.py::{name.partition('.')[0]}"
        record(self.root, Pending(path, test, kind, dialect, old, new, ("agents", "runs"), "Who is there?"))
        return path

    def read(self, path: str) -> str:
        return (self.root / path).read_text()

    def reviews(self):
        return reviews(self.project)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return ProjectFolder(tmp_path)
