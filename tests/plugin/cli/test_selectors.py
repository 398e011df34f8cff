"""A selector that matches nothing is an error that names what comes near; paths in a pipe are whole."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.sql.diff.change import Kind


@pytest.fixture
def project(repository):
    repository.project(".")
    repository.pending(".", "test_orders")
    repository.pending(".", "test_users", dialect="postgresql")
    return repository


@pytest.mark.parametrize("command", ["accept", "reject", "list", "review"])
@pytest.mark.parametrize(
    ("selector", "nearest"),
    [
        (
            ("test_order_lines",),
            "golden test_order_lines: no pending change matches; nearest: __snapshots__/deep/test_orders",
        ),
        (("--class", "fromat"), "--class fromat: no pending change matches; nearest: format"),
        (("--class", "predicate"), "--class predicate: no pending change matches; nearest: new"),
        (("--dialect", "sqllite"), "--dialect sqllite: no pending change matches; nearest: sqlite"),
        (("--test", "test_zzz"), "--test test_zzz: no pending change matches; nearest: deep/t.py::test_"),
        (("test_orders", "test_nothing"), "golden test_nothing: no pending change matches"),
    ],
)
def test_selector_that_matches_nothing_names_the_nearest(project, command, selector, nearest):
    status, out, err = project.run(".", command, *selector)
    assert (status, out) == (2, "")
    assert nearest in err


def test_selectors_that_match_nothing_together_are_an_error(project):
    status, _, err = project.run(".", "accept", "test_orders", "--dialect", "postgresql")
    assert (status, "the selectors together" in err) == (2, True)


@pytest.mark.parametrize(
    "selector", [("test_orders",), ("--class", "new"), ("--dialect", "sqlite"), ("--test", "users")]
)
def test_selector_that_matches_is_accepted(project, selector):
    assert project.run(".", "accept", *selector)[0] == 0


def test_unknown_class_is_an_error_when_nothing_is_pending(repository):
    repository.project(".")
    status, _, err = repository.run(".", "accept", "--class", "predicate-remved")
    assert (status, "nearest: predicate-removed" in err) == (2, True)


def test_class_with_its_old_ending_selects_the_present_one(project):
    status, _, err = project.run(".", "list", "--class", "golden-lost")
    assert status == 2
    assert "--class golden-lost is now called golden-removed; the old name goes with 0.3" in err
    assert "--class golden-removed: no pending change matches" in err


def test_help_lists_every_class(repository):
    with pytest.raises(SystemExit):
        repository.run(".", "--help")
    shown = repository.capsys.readouterr().out
    assert all(kind.value in shown for kind in Kind)


def test_list_in_a_pipe_has_whole_paths(repository):
    repository.project(".")
    golden = repository.pending(".", "test_" + "long_" * 40)
    assert golden in repository.run(".", "list")[1]
