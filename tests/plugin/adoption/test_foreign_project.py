"""A project of another shape: composite and integer keys, a self-reference, a view, SQL files, async, no ORM."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import pytest_query_snapshot
from pytest_query_snapshot.cli.main import main

pytest_plugins = ["pytester"]

EXAMPLE = Path(__file__).parent / "example"


@pytest.fixture
def example(pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    shutil.copytree(EXAMPLE, pytester.path, dirs_exist_ok=True)
    return pytester


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_its_goldens_hold_on_every_database(example, database):
    example.runpytest_subprocess("--database", database).assert_outcomes(passed=4)


def test_its_rows_are_right():
    """Ada beats Bela (2:0), Bela draws with Chaim (1:1): Ada 2, Bela 1, Chaim 1."""
    text = (EXAMPLE / "__snapshots__/test_club/test_standings.rows.md").read_text()
    assert [line for line in text.splitlines() if line.startswith("| ")][1:] == [
        "| Ada | 2 |",
        "| Bela | 1 |",
        "| Chaim | 1 |",
    ]


def test_a_broken_query_fails_with_its_class(example, capsys):
    path = example.path / "queries/standings.sql"
    path.write_text(path.read_text().replace("s.club_id = :club AND ", ""))
    failed = example.runpytest_inprocess()
    failed.assert_outcomes(passed=3, failed=1)
    failed.stdout.fnmatch_lines(["*risk: tenant-filter-removed - standings.club_id = :value*"])
    capsys.readouterr()
    main(["--root", str(example.path), "list"])
    pytest.LineMatcher(capsys.readouterr().out.splitlines()).fnmatch_lines(
        ["RISK *tenant-filter*club_id*removed*"]
    )


def test_its_rows_do_not_depend_on_the_order_of_insertion(example):
    example.runpytest_inprocess("--row-order", "reversed").assert_outcomes(passed=4)


def test_a_wrong_setting_says_what_to_set(example):
    settings = example.path / "pyproject.toml"
    settings.write_text(settings.read_text().replace("query_snapshot_metadata", "# "))
    result = example.runpytest_inprocess("-k", "standings")
    result.stdout.fnmatch_lines(["*query_snapshot_metadata*"])


def test_the_help_reads_well(example):
    result = example.runpytest_inprocess("--help")
    result.stdout.fnmatch_lines(
        ["golden files for SQL:", "  --database=*", "  --query-hazards=*", "  --row-order=*"]
    )
    result.stdout.fnmatch_lines(["  query_snapshot_metadata*", "  query_snapshot_unbounded_tables*"])


def test_types_are_shipped():
    assert Path(pytest_query_snapshot.__file__).with_name("py.typed").exists()


def test_unused_it_imports_nothing_heavy_and_reads_the_metadata_once(pytester):
    pytester.makepyfile(
        """
        import sys

        def test_modules():
            heavy = {"sqlalchemy", "sqlparse", "psycopg", "pytest_query_snapshot.goldens.context"}
            assert not heavy.intersection(sys.modules)

        def test_parts(pytestconfig):
            plugins = pytestconfig.pluginmanager
            assert plugins.has_plugin("pytest_query_snapshot.hooks.goldens")
            assert not plugins.has_plugin("pytest_query_snapshot.hooks.review")
            assert not hasattr(plugins.get_plugin("query_snapshot"), "pytest_plugins")
        """
    )
    blocked = pytester.runpytest_subprocess("-p", "no:pytest_query_snapshot.hooks.review", "-p", "no:anyio")
    blocked.assert_outcomes(passed=2)
