"""The cache of classes: it saves time, and never shows what another text, setting or version was classified as."""

from __future__ import annotations

import json
import os
from dataclasses import replace

import pytest

from pytest_query_snapshot.goldens import classify
from pytest_query_snapshot.review.accept import reviews
from pytest_query_snapshot.review.classified import with_classes
from pytest_query_snapshot.review.pending import all_pending, record
from pytest_query_snapshot.sql.diff.change import Change, Kind

from .conftest import SQL

WIDER = SQL.replace("WHERE agents.workspace_id = :workspace_id_1\n  AND", "WHERE")


@pytest.fixture
def counted(monkeypatch):
    """Count the goldens that are classified, not looked up."""
    calls = []
    original = classify.classify_golden

    def count(*args, **options):
        calls.append(args)
        return original(*args, **options)

    monkeypatch.setattr(classify, "classify_golden", count)
    return calls


def found(folder, **settings):
    return [review.changes for review in reviews(replace(folder.project, **settings))]


def test_second_command_classifies_nothing(folder, counted):
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    first = found(folder)
    assert [change.label for change in first[0]][:1] == ["tenant-filter-removed"]
    assert found(folder) == first
    assert len(counted) == 1


def test_another_text_or_setting_is_classified(folder, counted):
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    found(folder)
    folder.pending("test_wider.sqlite.sql", SQL, SQL.replace("agents.name\nFROM", "agents.name -- all\nFROM"))
    assert [change.label for change in found(folder)[0]] == ["format"]
    found(folder, tenant_columns=("status",))
    assert len(counted) == 3


@pytest.mark.parametrize(
    "damage", ["", "[]", '{"x": 1}', "{", '{"DIGEST": [{"kind": "nonsense"}]}', '{"DIGEST": 5}']
)
def test_damaged_cache_is_classified_again(folder, counted, damage):
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    first = found(folder)
    path = folder.root / ".query_snapshot/classified.json"
    digest = next(iter(json.loads(path.read_text())))
    path.write_text(damage.replace("DIGEST", digest))
    assert found(folder) == first
    assert len(counted) == 2


@pytest.mark.parametrize(
    "damage", [{"digest": "another"}, {"changes": [{"kind": "nonsense"}]}, {"changes": 5}, [], 5]
)
def test_classes_of_a_run_that_are_stale_or_damaged_are_found_again(folder, counted, damage):
    path = folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    settings = folder.project.tenant_columns
    (pending,) = all_pending(folder.root)
    wrong = with_classes(pending, (Change(Kind.FORMAT),), settings=settings).classes
    record(folder.root, replace(pending, classes=wrong))
    assert [change.label for change in found(folder)[0]] == ["format"]
    assert not counted
    (folder.root / ".query_snapshot/classified.json").unlink()
    record(folder.root, replace(pending, classes=wrong | damage if isinstance(damage, dict) else damage))
    assert [change.label for change in found(folder)[0]][:1] == ["tenant-filter-removed"]
    assert len(counted) == 1
    assert folder.read(path) == SQL


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_folder_that_can_not_be_written_keeps_nothing(folder):
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    state = folder.root / ".query_snapshot"
    state.chmod(0o500)
    try:
        assert len(found(folder)) == 1
    finally:
        state.chmod(0o700)


def test_cache_forgets_what_is_decided(folder):
    path = folder.root / ".query_snapshot/classified.json"
    folder.pending("test_wider.sqlite.sql", SQL, WIDER)
    folder.pending("test_other.sqlite.sql", SQL, SQL.replace("agents.name", "agents.title"))
    found(folder)
    assert len(json.loads(path.read_text())) == 2
    for pending in (folder.root / ".query_snapshot/pending").glob("*.json"):
        if "test_other" in pending.read_text():
            pending.unlink()
    found(folder)
    assert len(json.loads(path.read_text())) == 1
