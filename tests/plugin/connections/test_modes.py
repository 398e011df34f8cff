"""Which isolation mode a test runs in: marker, option, setting."""

from __future__ import annotations

import pytest

TESTS = """
import pytest
from pytest_query_snapshot.databases.modes import isolation_of

def test_plain(request):
    assert isolation_of(request.node) == "{plain}"

@pytest.mark.isolation("none")
def test_marked(request):
    assert isolation_of(request.node) == "none"
"""


@pytest.mark.parametrize(
    ("setting", "options", "plain"),
    [
        ("", (), "savepoint"),
        ("query_snapshot_isolation = none", (), "none"),
        ("query_snapshot_isolation = none", ("--isolation=savepoint",), "savepoint"),
    ],
)
def test_mode_is_nearest_of_marker_option_setting(make_project, setting, options, plain):
    project = make_project("sqlite")
    path = project.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\n{setting}\n")
    project.test(TESTS.format(plain=plain))
    project.run(*options).assert_outcomes(passed=2)


@pytest.mark.parametrize("arguments", ["", '"connection"', '"none", "none"', "mode=1", "3"])
def test_mode_marker_with_wrong_argument_is_refused(make_project, arguments):
    project = make_project("sqlite")
    project.test(f"import pytest\n@pytest.mark.isolation({arguments})\ndef test_it(session): pass\n")
    result = project.run()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*test_it*isolation*"])


def test_mode_unknown_in_setting_stops_the_run(make_project):
    project = make_project("sqlite")
    path = project.pytester.path / "pytest.ini"
    path.write_text(f"{path.read_text()}\nquery_snapshot_isolation = connection\n")
    result = project.run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*'connection' is not an isolation mode; choose one of savepoint, connections*"])
