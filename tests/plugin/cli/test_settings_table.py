"""Settings and options are declared once; misspelt ones are an error, old names work with a warning."""

from __future__ import annotations

import pytest

from pytest_query_snapshot.errors import ConfigurationError
from pytest_query_snapshot.settings import OPTIONS, SETTINGS, find_project

TEST = """
import pytest
from pytest_query_snapshot.hooks.settings import read_setting

def test_values(pytestconfig):
    assert read_setting(pytestconfig, "query_snapshot_unbounded_tables") == {tables}
    assert read_setting(pytestconfig, "query_snapshot_query_hazards") == {hazards!r}
    assert pytestconfig.getoption("--row-order") == {order!r}
"""


@pytest.fixture
def session(pytester):
    """Run one test that reads settings, under an ini file."""

    def run(ini, *args, tables=(), hazards="off", order="seed"):
        pytester.makefile(".ini", pytest=f"[pytest]\n{ini}")
        pytester.makepyfile(TEST.format(tables=[*tables], hazards=hazards, order=order))
        return pytester.runpytest_inprocess("-p", "no:asyncio", "-p", "no:cacheprovider", *args)

    return run


def test_every_setting_and_option_is_declared_to_pytest(pytestconfig):
    for setting in SETTINGS:
        pytestconfig.getini(setting.name)
    for option in OPTIONS:
        pytestconfig.getoption(option.name)


def test_no_setting_or_option_is_declared_elsewhere(pytestconfig):
    known = {name for setting in SETTINGS for name in (setting.name, setting.old_name)}
    declared = {name for name in pytestconfig._parser._inidict if name.startswith("query_snapshot")}
    assert declared <= known


def test_defaults_hold_without_settings(session):
    session("").assert_outcomes(passed=1)


def test_new_names_are_read(session):
    ini = "query_snapshot_unbounded_tables = a b\nquery_snapshot_query_hazards = report\nfilterwarnings = error"
    session(ini, "--row-order", "reversed", tables=("a", "b"), hazards="report", order="reversed").assert_outcomes(
        passed=1
    )


def test_old_names_are_read_with_a_warning(session):
    ini = "query_snapshot_growing_tables = a b\nquery_snapshot_hazards = report"
    result = session(ini, "--insertion-order", "reversed", tables=("a", "b"), hazards="report", order="reversed")
    result.assert_outcomes(passed=1, warnings=3)
    result.stdout.fnmatch_lines(
        [
            "*query_snapshot_hazards is now called query_snapshot_query_hazards; the old name goes with 0.3*",
            "*query_snapshot_growing_tables is now called query_snapshot_unbounded_tables*",
            "*--insertion-order is now called --row-order*",
        ]
    )


def test_old_name_is_a_usage_error_where_warnings_are_errors(session):
    result = session("filterwarnings = error\nquery_snapshot_hazards = report")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*query_snapshot_hazards is now called query_snapshot_query_hazards*"])


def test_misspelt_setting_is_an_error_that_names_the_nearest(session):
    result = session("query_snapshot_sedes = x")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*query_snapshot_sedes: unknown setting; did you mean query_snapshot_seeds?*"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.pytest.ini_options]\nquery_snapshot_sedes = 'x'\n"),
        ("tox.ini", "[pytest]\nquery_snapshot_sedes = x\n"),
        ("setup.cfg", "[tool:pytest]\nquery_snapshot_sedes = x\n"),
        ("pytest.toml", "[pytest]\nquery_snapshot_sedes = 'x'\n"),
    ],
)
def test_command_line_names_a_misspelt_setting_too(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    with pytest.raises(ConfigurationError, match="did you mean query_snapshot_seeds"):
        find_project(tmp_path)


@pytest.mark.parametrize("name", ["pyproject.toml", "pytest.ini", "pytest.toml"])
def test_damaged_configuration_is_named(tmp_path, name):
    (tmp_path / name).write_text("[[[ = \n")
    with pytest.raises(ConfigurationError, match=name.replace(".", r"\.")):
        find_project(tmp_path)
