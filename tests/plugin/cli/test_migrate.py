"""Goldens of an older format in whole sessions: they pass where they say the same; `migrate` rewrites them."""

from __future__ import annotations

import json
import re

import pytest

from pytest_query_snapshot.cli.main import main

TESTS = """
def test_one(golden):
    assert [(1,)] == golden.rows

def test_two(golden):
    assert [(2,)] == golden.rows
"""


class Old:
    """A project whose goldens are of version 1: other types in the header, no marker."""

    def __init__(self, pytester, capsys):
        self.pytester = pytester
        self.capsys = capsys
        self.current = {}
        self.folder = pytester.path / "__snapshots__"
        self.one = self.folder / "test_x/test_one.rows.md"
        self.two = self.folder / "test_x/test_two.rows.md"

    def run(self, *args):
        return self.pytester.runpytest_inprocess(*args)

    def migrate(self, *args):
        self.capsys.readouterr()
        status = main(["--root", str(self.pytester.path), "migrate", *args])
        return status, self.capsys.readouterr().out


@pytest.fixture
def old(pytester, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    pytester.makefile(".ini", pytest="[pytest]\naddopts = -p no:asyncio -p no:cacheprovider\n")
    pytester.makepyfile(test_x=TESTS)
    project = Old(pytester, capsys)
    project.run("--snapshot-update").assert_outcomes(passed=2)
    assert (project.folder / ".format").read_text() == "2\n"
    (project.folder / ".format").unlink()
    for path in (project.one, project.two):
        project.current[path] = path.read_text()
        path.write_text(
            re.sub(r"^\| column_1 \w+ \|$", "| column_1 numeral |", path.read_text(), flags=re.MULTILINE)
        )
        assert path.read_text() != project.current[path]
    return project


def test_golden_of_an_older_format_passes_and_the_run_says_so_once(old):
    before = old.one.read_text()
    result = old.run()
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(["query-snapshot: 2 goldens of an older format say what was received: *migrate*"])
    assert old.one.read_text() == before


def test_change_in_a_golden_of_an_older_format_fails(old):
    old.one.write_text(old.one.read_text().replace("| 1 |", "| 9 |"))
    old.run().assert_outcomes(passed=1, failed=1)


def test_difference_of_the_format_fails_in_a_folder_of_the_current_version(old):
    (old.folder / ".format").write_text("2\n")
    old.run().assert_outcomes(failed=2)


def test_migrate_rewrites_and_marks_the_folder(old):
    old.run()
    status, out = old.migrate()
    assert (status, out) == (0, "2 rewritten. The goldens have format 2 now.\n")
    assert old.one.read_text() == old.current[old.one]
    result = old.run()
    result.assert_outcomes(passed=2)
    assert "older format" not in result.stdout.str()
    assert old.migrate() == (0, "The goldens have format 2 already.\n")


def test_migrate_leaves_the_version_while_goldens_were_not_compared(old):
    old.pytester.path.joinpath(".query_snapshot/last_run.json").unlink()
    old.run("-k", "one")
    status, out = old.migrate("--json")
    assert status == 1
    assert json.loads(out) == {
        "rewritten": ["__snapshots__/test_x/test_one.rows.md"],
        "refused": {},
        "not_compared": ["__snapshots__/test_x/test_two.rows.md"],
    }
    assert not (old.folder / ".format").exists()
    out = old.migrate()[1].splitlines()
    assert out[:2] == ["0 rewritten.", "1 golden was not compared yet, so the format stays 1 for now:"]
    assert out[2] == "  __snapshots__/test_x/test_two.rows.md"


def test_migrate_refuses_a_golden_that_was_edited_since(old):
    old.run()
    old.one.write_text(old.one.read_text().replace("| 1 |", "| 9 |"))
    status, out = old.migrate()
    assert (status, "changed since" in out) == (1, True)
    assert "| 9 |" in old.one.read_text()


def test_update_writes_the_current_format(old):
    old.run("--snapshot-update").assert_outcomes(passed=2)
    assert old.one.read_text() == old.current[old.one]


def test_folder_of_a_newer_version_is_an_error(old):
    (old.folder / ".format").write_text("99\n")
    result = old.run()
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*.format: format '99' is not known here, upgrade pytest-query-snapshot*"])
