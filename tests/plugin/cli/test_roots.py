"""pytest and the command agree on the project, from any folder of a repository."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.cli.roots import project_here
from pytest_query_snapshot.settings import find_project


@pytest.mark.parametrize("folder", [".", "packages", "packages/a", "packages/a/src/deep"])
def test_pending_changes_of_one_package_are_found_from_every_folder(repository, folder):
    repository.project(".")
    repository.project("packages/a")
    repository.pending("packages/a")
    status, out, _ = repository.run(folder, "list")
    assert (status, "1 pending" in out) == (1, True)


def test_command_names_the_package_it_found(repository):
    repository.project("packages/a")
    repository.pending("packages/a")
    assert repository.run(".", "accept", "--all")[2] == "query-snapshot: in packages/a\n"
    assert (repository.path / "packages/a/__snapshots__/deep/test_a.rows.md").exists()


def test_package_that_is_given_is_not_named(repository):
    repository.project("packages/a")
    repository.pending("packages/a")
    root = str(repository.path / "packages/a")
    assert repository.run(".", "--root", root, "accept", "--all")[2] == ""


def test_pending_changes_of_the_root_are_found_from_a_package_of_its_own(repository):
    repository.project(".")
    repository.project("packages/a")
    repository.pending(".")
    assert "1 pending" in repository.run("packages/a", "list")[1]


@pytest.mark.parametrize("folder", ["node_modules/a", ".tox/a", "packages/venv/a", "1/2/3/4/5/6"])
def test_copies_in_folders_of_libraries_and_far_below_are_not_looked_at(repository, folder):
    repository.project("packages/a")
    repository.pending("packages/a")
    repository.pending(folder, "test_copy")
    status, out, _ = repository.run(".", "list")
    assert (status, "1 pending" in out, "test_copy" in out) == (1, True, False)


def test_several_packages_are_listed_with_the_command_for_each(repository):
    repository.project(".")
    for package in ("a", "b"):
        repository.project(f"packages/{package}")
        repository.pending(f"packages/{package}")
    status, out, err = repository.run(".", "list")
    assert (status, out) == (2, "")
    for package in ("a", "b"):
        assert f"--root {repository.path / 'packages' / package} .." in err


def test_own_pending_changes_come_before_those_below(repository):
    repository.project(".")
    repository.pending(".", "test_own")
    repository.pending("packages/a")
    assert "test_own" in repository.run(".", "list")[1]


def test_package_without_a_session_names_the_packages_that_have_changes(repository):
    (repository.path / ".git").mkdir()
    repository.project("packages/a")
    repository.pending("packages/a")
    repository.project("packages/b")
    status, out, err = repository.run("packages/b", "list")
    assert (status, out) == (2, "")
    assert f"--root {repository.path / 'packages/a'} .." in err


def test_nothing_pending_anywhere_is_not_an_error(repository):
    repository.project(".")
    assert repository.run(".", "list")[:2] == (0, "Nothing is pending.\n")


LAYOUTS = [
    {"pyproject.toml": "[tool.pytest]\n"},
    {"pyproject.toml": "[tool.pytest.ini_options]\n"},
    {"pyproject.toml": "[project]\nname = 'x'\n"},
    {"pyproject.toml": "[project]\nname = 'x'\n", "a/setup.py": ""},
    {"setup.py": ""},
    {"pytest.ini": ""},
    {"tox.ini": "[pytest]\n", "a/tox.ini": "[tox]\n"},
    {"setup.cfg": "[tool:pytest]\n", "a/setup.cfg": "[metadata]\n"},
    {"pyproject.toml": "[tool.pytest]\n", "a/pyproject.toml": "[project]\nname = 'x'\n"},
    {"pyproject.toml": "[project]\nname = 'x'\n", "a/pyproject.toml": "[tool.black]\n"},
    {"pytest.ini": "", "a/pyproject.toml": "[tool.pytest.ini_options]\n"},
    {"pyproject.toml": "[tool.pytest]\n", "a/pytest.ini": "[pytest]\n"},
]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_root_is_the_one_that_pytest_takes(pytester, layout):
    for name, text in layout.items():
        path = pytester.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    tests = pytester.path / "a/tests"
    tests.mkdir(parents=True)
    (tests / "test_x.py").write_text("def test_x(request): print('ROOT', request.config.rootpath)\n")
    for folder in (pytester.path, pytester.path / "a", tests):
        result = pytester.runpytest_inprocess(
            "-q", "-s", "-p", "no:cacheprovider", "-p", "no:asyncio", str(folder)
        )
        shown = next(line for line in result.outlines if "ROOT" in line)
        assert str(find_project(folder).root) == shown.partition("ROOT ")[2]


@pytest.mark.parametrize("option", ["-c", "--rootdir"])
def test_settings_elsewhere_are_those_of_the_last_session(pytester, monkeypatch, capsys, option):
    monkeypatch.delenv("CI", raising=False)
    (pytester.path / "conf").mkdir()
    ini = pytester.path / "conf/other.ini"
    ini.write_text("[pytest]\ntestpaths = checks\nquery_snapshot_dir = goldens\naddopts = -p no:asyncio\n")
    checks = pytester.path / "checks"
    checks.mkdir()
    (checks / "test_x.py").write_text("def test_x(golden): assert [(1,)] == golden.rows\n")
    root = pytester.path if option == "--rootdir" else ini.parent
    pytester.runpytest_inprocess("-c", ini, f"--rootdir={root}", checks, "--snapshot-update").assert_outcomes(
        passed=1
    )
    monkeypatch.chdir(checks)
    assert project_here(checks if option == "--rootdir" else pytester.path).snapshots == "goldens"
