"""Applications with engines, fixtures and migrations of their own take the plugin in with a few settings."""

from __future__ import annotations

import shutil
import tomllib
from pathlib import Path

import pytest

HERE = Path(__file__).parent
# tests of each
APPLICATIONS = {"fastapi_sqlmodel": 9, "flask_binds": 10, "scoped_library": 7}
GLUE = 10


@pytest.fixture(params=APPLICATIONS)
def application(request, pytester, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    shutil.copytree(HERE / request.param, pytester.path, dirs_exist_ok=True)
    pytester.name_of_application = request.param
    return pytester


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    if request.param == "sqlite":
        return ()
    server = request.getfixturevalue("postgresql_url")
    return (f"--database-url={server}",)


def test_tests_of_an_application_pass_and_leave_nothing(application, database):
    result = application.runpytest_subprocess(*database)
    result.assert_outcomes(passed=APPLICATIONS[application.name_of_application])
    result.stderr.no_fnmatch_line("*")


def test_tests_of_an_application_pass_in_reverse_order(application):
    text = "def pytest_collection_modifyitems(items):\n    items.reverse()\n"
    application.makepyfile(reversed_order=text)
    result = application.runpytest_subprocess("-p", "reversed_order")
    result.assert_outcomes(passed=APPLICATIONS[application.name_of_application])


@pytest.mark.parametrize("name", APPLICATIONS)
def test_glue_is_a_few_settings(name):
    settings = tomllib.loads((HERE / name / "pyproject.toml").read_text())["tool"]["pytest"]["ini_options"]
    ours = [setting for setting in settings if setting.startswith("query_snapshot")]
    sources = [path.read_text() for path in (HERE / name).rglob("*.py")]
    mentions = sum(line.count("query_snapshot") for text in sources for line in text.splitlines())
    assert 0 < len(ours) + mentions <= GLUE
